"""Small measured quantities that several loops share: smoothing over web metres, bounded moves, delayed
verdicts.

A loop that works on the web counts metres, not seconds: its delay is a length of web, so a filter or an
integral that advances per metre keeps its tuning at every speed and stands still when the line stands still.
"""

from __future__ import annotations

from math import isfinite, isnan
from typing import NamedTuple

from dryline.kernel import exp, law


@law
def smoothed(last: float, value: float, step: float, length: float) -> float:
    """First-order smoothing of `value` over `length`, advanced by `step` (both [m] of web or both [s]).

    A missing value holds the last one; the first value is taken as it is.
    """
    if isnan(value):
        return last
    if isnan(last) or length <= 0.0:
        return value
    return value + (last - value) * exp(-step / length)


@law
def moved(value: float, wanted: float, step: float, low: float, high: float) -> tuple[float, bool]:
    """Move `value` towards `wanted` by at most `step` and stay within `low`..`high`; and whether that cut the
    move.

    The result is the loop's only memory (velocity form), so a limit cannot wind anything up.
    """
    bounded = min(max(min(max(wanted, value - step), value + step), low), high)
    return bounded, bounded != wanted


@law
def handed_over(value: float, wanted: float, step: float, rest: float) -> float:
    """`value` on its way to `wanted`, where it is after `rest` more of web or time; a straight line if `wanted` stands."""
    return wanted if step >= rest else value + (wanted - value) * step / rest


def within(value: float, low: float, high: float) -> float:
    """`value`, but at least `low` and at most `high`."""
    return low if value < low else high if value > high else value


@law
def integral_gain(delay: float, closed_loop: float) -> float:
    """Integral action per metre [1/m] for a unit-gain plant that is a delay of `delay` [m] of web.

    SIMC rule 1/(tau_c + theta) with tau_c = closed_loop * theta (Skogestad, J. Process Control 13, 2003,
    291-309); closed_loop = 1 gives 1/(2 theta).
    """
    return 1.0 / ((1.0 + closed_loop) * delay)


def mean_of(values: list[float]) -> float | None:
    """Mean of finite numbers; None if there are none or one of them is not finite."""
    total = sum(values)
    return total / len(values) if values and isfinite(total) else None


class Passage(NamedTuple):
    """What a gauge said about the web, at the place further down that the same web reaches later.

    `now` holds for the web at that place; `due` lists later changes as (web position [m], verdict).
    """

    now: bool = False
    last: bool = False
    due: tuple[tuple[float, bool], ...] = ()


def passed_on(passage: Passage, verdict: bool, travelled: float, distance: float) -> Passage:
    """Advance to web position `travelled` [m]; `verdict` is seen `distance` [m] before the place."""
    now, last, due = passage
    if verdict != last:
        due = (*due, (travelled + distance, verdict))
        last = verdict
    while due and due[0][0] <= travelled:
        now = due[0][1]
        due = due[1:]
    return Passage(now, last, due)
