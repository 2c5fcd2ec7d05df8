"""Product or scrap: decided from measured values only.

Web is on target when the areal mass of each side, of both sides and the thickness of the electrode have been
within tolerance for some metres. The verdict is given at the thickness gauge and holds at the winder when
that web gets there. Splices and roll changes spoil web wherever it is on target, and a web that broke is scrap all the
way to the winder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isnan, nan
from typing import NamedTuple

from dryline.control.estimates import Passage, passed_on
from dryline.control.quality import Measured


@dataclass(frozen=True)
class ProductParameters:
    """Tolerances and lengths.

    `areal_tolerance` [1] of the mean areal mass and `thickness_tolerance` [m] (recipe values where it has
    them); `good_metres` [m] on target before product starts; `smoothing` [m]; web that went unseen for
    `blind_metres` [m] is scrap. Lengths assumed.
    """

    areal_tolerance: float = 0.025
    thickness_tolerance: float = 2e-6
    good_metres: float = 10.0
    smoothing: float = 2.0
    blind_metres: float = 30.0


class ProductState(NamedTuple):
    """Smoothed relative errors per signal, metres each went unseen, metres on target, verdict on its way, web travelled
    [m], and what the web at the winder is now: product or not, and what spoils web on target.
    """

    errors: tuple[float, ...] = ()
    unseen: tuple[float, ...] = ()
    good: float = 0.0
    passage: Passage = Passage()
    travelled: float = 0.0
    flag: bool = False
    cause: str = ""


def deviations(p: ProductParameters, target: Measured, measured: Measured) -> list[float]:
    """Deviations in units of their tolerance: areal mass of each side, of both sides, thickness of the electrode."""
    tolerance = p.areal_tolerance
    found = [(one / wanted - 1.0) / tolerance for one, wanted in zip(measured.areal, target.areal, strict=True)]
    found.append((measured.coating / target.coating - 1.0) / tolerance)
    found.append((measured.thickness - target.thickness) / p.thickness_tolerance)
    return found


def product_step(
    p: ProductParameters,
    state: ProductState,
    errors: Sequence[float],
    producing: bool,
    metres: float,
    to_winder: float,
    spoiled: str = "",
    broken: bool = False,
) -> ProductState:
    """Advance by `metres` of web.

    Parameters
    ----------
    errors : sequence of float
        Deviation of each watched quantity in units of its tolerance; not a number where it is not seen.
    producing : bool
        False outside Execute: nothing is product.
    to_winder : float
        Web from the thickness gauge to the winder [m].
    spoiled : str
        What spoils the web at the winder whatever the gauges say; empty where nothing does.
    broken : bool
        The web has broken: all of it in the line is scrap.
    """
    kept = exp(-metres / p.smoothing)
    seen: list[float] = []
    unseen: list[float] = []
    on_target = producing
    befores, blinds = state.errors or (nan,) * len(errors), state.unseen or (0.0,) * len(errors)
    for error, before, blind in zip(errors, befores, blinds, strict=True):
        if isnan(error):
            error, blind = before, blind + metres
        else:
            error, blind = error if isnan(before) else error + (before - error) * kept, 0.0
        on_target = on_target and -1.0 <= error <= 1.0 and blind <= p.blind_metres
        seen.append(error)
        unseen.append(blind)
    good = state.good + metres if on_target else 0.0
    travelled = state.travelled + metres
    passage = Passage() if broken else passed_on(state.passage, on_target and good >= p.good_metres, travelled, to_winder)
    cause = spoiled if passage.now else ""
    return ProductState(tuple(seen), tuple(unseen), good, passage, travelled, passage.now and not spoiled, cause)
