"""Product or scrap: decided from measured values only.

Web is on target when the areal mass of each side, of both sides and the thickness of the electrode have been
within tolerance for some metres. The verdict is given at the thickness gauge and holds at the winder when
that web gets there. Splices and roll changes spoil web wherever it is on target, and a web that broke is scrap all the
way to the winder.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from dryline.control.estimates import Passage, passed_on


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

    errors: tuple[float | None, ...] = ()
    unseen: tuple[float, ...] = ()
    good: float = 0.0
    passage: Passage = Passage()
    travelled: float = 0.0
    flag: bool = False
    cause: str = ""


def product_step(
    p: ProductParameters,
    state: ProductState,
    errors: tuple[float | None, ...],
    producing: bool,
    metres: float,
    to_winder: float,
    spoiled: str = "",
    broken: bool = False,
) -> ProductState:
    """Advance by `metres` of web.

    Parameters
    ----------
    errors : tuple of float or None
        Deviation of each watched quantity in units of its tolerance; None where it is not seen.
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
    seen: list[float | None] = []
    unseen: list[float] = []
    on_target = producing
    for number, error in enumerate(errors):
        before = state.errors[number] if state.errors else None
        blind = state.unseen[number] + metres if state.unseen and error is None else 0.0
        now = before if error is None else error if before is None else error + (before - error) * kept
        on_target = on_target and now is not None and -1.0 <= now <= 1.0 and blind <= p.blind_metres
        seen.append(now)
        unseen.append(blind)
    good = state.good + metres if on_target else 0.0
    travelled = state.travelled + metres
    passage = Passage() if broken else passed_on(state.passage, on_target and good >= p.good_metres, travelled, to_winder)
    cause = spoiled if passage.now else ""
    return ProductState(tuple(seen), tuple(unseen), good, passage, travelled, passage.now and not spoiled, cause)
