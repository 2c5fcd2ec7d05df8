"""Preview oracle: what an actuator with limits leaves of a disturbance that it knows from beginning to end.

    minimise sum (d_k + y_k)^2,  y_k = f y_(k-1) + (1 - f) u_k,  |u_k| <= range,  |u_k - u_(k-1)| <= rate,

from rest (u = y = 0). No delay matters to one who knows the future, so no controller with this actuator can do better on
this disturbance. A quadratic programme in y, banded, solved by a primal-dual interior-point method with predictor and corrector
(Mehrotra, SIAM J. Optim. 2 (1992) 575).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

Array = NDArray[np.float64]

CLOSE = 1e-13
"""Complementarity at which the solution is accepted, over the square of the disturbance."""
ROUNDS = 100
"""Most steps of the interior-point method."""


@dataclass(frozen=True)
class Preview:
    """What is left of the disturbance, and the commands that leave it, sample by sample."""

    left: Array
    commands: Array

    @property
    def sigma(self) -> float:
        """Root mean square of what is left."""
        return float(np.sqrt((self.left**2).mean()))


def preview_bound(disturbance: Array, reach: float, rate: float, keep: float = 0.0) -> Preview:
    """Best commands against a known disturbance and what they leave of it.

    reach : largest command, either sign; rate : largest change of the command in a sample; keep : share f of its effect that the
    actuator keeps over a sample, e^(-sample/lag), 0 for none.
    """
    if not (reach > 0.0 and rate > 0.0 and 0.0 <= keep < 1.0):
        raise ValueError(f"range {reach} and rate {rate} must be positive, and the share kept {keep} in 0 .. 1")
    n, size = disturbance.size, float(np.abs(disturbance).max())
    if size == 0.0:
        return Preview(disturbance.copy(), np.zeros(n))
    to_command = sparse.diags([np.full(n, 1.0), np.full(n - 1, -keep)], [0, -1], format="csc") / (1.0 - keep)
    change = sparse.diags([np.ones(n), -np.ones(n - 1)], [0, -1], format="csc") @ to_command
    rows = sparse.vstack([to_command, -to_command, change, -change], format="csc")
    limits = np.concatenate([np.full(2 * n, reach), np.full(2 * n, rate)]) / size
    effect = size * least_squares(disturbance / size, rows, limits)
    return Preview(disturbance + effect, to_command @ effect)


def least_squares(d: Array, rows: sparse.csc_matrix, limits: Array) -> Array:
    """The y that minimises |d + y|^2 / 2 with rows y <= limits (all positive, so that y = 0 is inside)."""
    y, slack, price = np.zeros(d.size), limits.copy(), np.ones(limits.size)
    unit = sparse.identity(d.size, format="csc")
    for _ in range(ROUNDS):
        dual, primal = d + y + rows.T @ price, rows @ y + slack - limits
        gap = float(slack @ price) / limits.size
        if gap < CLOSE and np.abs(dual).max() < 1e-9:
            return y
        factor = splu((unit + rows.T @ sparse.diags(price / slack) @ rows).tocsc())
        step = _direction(factor.solve, rows, slack, price, dual, primal, slack * price)
        aim = gap * (float(_after(slack, step[1]) @ _after(price, step[2])) / (gap * limits.size)) ** 3
        step = _direction(factor.solve, rows, slack, price, dual, primal, slack * price + step[1] * step[2] - aim)
        share = 0.995 * min(_largest(slack, step[1]), _largest(price, step[2]))
        y, slack, price = y + share * step[0], slack + share * step[1], price + share * step[2]
    raise ArithmeticError(f"the quadratic programme has not converged in {ROUNDS} steps")


def _direction(
    solve: Callable[[Array], Array], rows: sparse.csc_matrix, slack: Array, price: Array, dual: Array, primal: Array,
    product: Array,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Newton step of y, slack and price."""
    y = solve(-dual - rows.T @ ((price * primal - product) / slack))
    ds = -primal - rows @ y
    return y, ds, -(product + price * ds) / slack


def _largest(value: Array, step: Array) -> float:
    """Largest share of a step, at most one, that keeps a value positive."""
    falling = step < 0.0
    return min(1.0 / 0.995, float((-value[falling] / step[falling]).min())) if falling.any() else 1.0 / 0.995


def _after(value: Array, step: Array) -> Array:
    return value + min(1.0, _largest(value, step)) * step
