"""The update of a Kalman filter by one number at a time: no matrix is inverted, and a missing number is simply left out."""

from __future__ import annotations

import numpy as np

from dryline.kernel import law


@law
def take_in(x: np.ndarray, P: np.ndarray, H: np.ndarray, noise: float, innovation: float) -> None:
    """Kalman update of the state x with covariance P by one scalar measurement with row H and variance `noise`."""
    n = x.size
    gain = np.empty(n)
    spread = noise
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += P[i, j] * H[j]
        gain[i] = total
        spread += H[i] * total
    for i in range(n):
        x[i] += gain[i] / spread * innovation
    for i in range(n):
        for j in range(n):
            P[i, j] -= gain[i] * gain[j] / spread
