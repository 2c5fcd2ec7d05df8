"""Film off target before lamination: both films go back to the powder until each is on target.

The knives in front of the lamination can cut the whole film off instead of its edges. Film that is cut there is powder
again; film that is laminated is lost to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import NamedTuple


@dataclass(frozen=True)
class OffSpecParameters:
    """Film goes back while a side is further off than `outer` tolerances for `metres` [m], until all sides have been within
    `inner` tolerances for as long (assumed).
    """

    inner: float = 0.8
    outer: float = 1.5
    metres: float = 1.5


class OffSpecState(NamedTuple):
    """Whether the films go back, and metres for which the verdict has been the other one."""

    returned: bool = True
    against: float = 0.0


def off_spec_step(
    p: OffSpecParameters, state: OffSpecState, errors: list[float], producing: bool, metres: float
) -> OffSpecState:
    """Advance by `metres` of web; errors of the areal mass of each side in units of its tolerance, not a number where it is
    not seen.

    Where the line makes no film the knives stand ready to return it; a gauge that is blind for a while changes nothing.
    """
    if not producing:
        return OffSpecState()
    if isnan(sum(errors)):
        return state
    most = max(map(abs, errors))
    other = most <= p.inner if state.returned else most > p.outer
    against = state.against + metres if other else 0.0
    if against >= p.metres:
        return OffSpecState(not state.returned)
    return OffSpecState(state.returned, against)
