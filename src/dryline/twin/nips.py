"""The nip as the web twin solves it: loaded gap across the width and roll force by warm-started Newton steps.

Unknowns of one nip are the film gap h(y) of every lane, the force F and its moment M about the centre (in units of eta)::

    h(y) = base(y) + G + T eta + F (1/K_h + B (1 - eta^2)) + M eta / K_t + q(h)/K_fl
    F = sum w q,   M = sum w q eta

base holds crown, bending actuators and thermal growth; G and T mean and tilt of chocks and run-out; q is the closed-form
nip integral of `process.compaction`. A lane's own equation is eliminated by its response a = 1/(1 - q'/K_fl), which leaves
two equations for F and M. Between two full solutions the nip answers linearly from the stored sums.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.process.compaction import bed_nip, pressed_nip

ITERATIONS = 2
"""Newton steps of a normal solution; only a nip whose force still moves (film arriving) takes more."""
STILL = 1e-3
"""Relative change of the force in the last step below which a solution counts as reached."""
MOST = 60


@law
def solve_nip(
    low: int, G: float, T: float, F: float, M: float, h: np.ndarray, a: np.ndarray, r: np.ndarray, solid: np.ndarray,
    dense: np.ndarray, yielded: np.ndarray, released: np.ndarray, factor: float, base: np.ndarray, eta: np.ndarray,
    shape: np.ndarray, w: float, inv_Kh: float, inv_Kt: float, B: float, inv_Kfl: float, root_R: float,
    v: np.ndarray, beta: np.ndarray, sums: np.ndarray, means: np.ndarray, point: np.ndarray,
) -> tuple[float, float, float, float, int]:  # fmt: skip
    """Solve one nip; returns F [N], M, mean peak pressure [Pa], last correction [m], number of steps."""
    lanes = h.size
    P_y, E_el, A, D_J, p_J, K0, f = v[0] * factor, v[1], v[2], v[3], v[4] * factor, v[5], v[6]
    dF = 0.0
    dM = 0.0
    on = 0.0
    steps = 0
    peak = 0.0
    while True:
        Se = 0.0
        Seb = 0.0
        Sen = 0.0
        Sebn = 0.0
        Senn = 0.0
        S0 = 0.0
        S1 = 0.0
        peak = 0.0
        if low == 1:
            for l in range(lanes):
                s = inv_Kh + B * shape[l]
                t = inv_Kt * eta[l]
                x = max(h[l] + on * a[l] * (s * dF + t * dM - r[l]), 1.04 * solid[l])
                q, dq, p = bed_nip(
                    x, solid[l], root_R, dense[l], released[l], P_y, E_el, A, D_J, p_J, K0, f, beta
                )
                h[l] = x
                r[l] = x - (base[l] + G + T * eta[l] + F * s + M * t + q * inv_Kfl)
                a[l] = 1.0 / (1.0 - dq * inv_Kfl)
                e = w * dq * a[l]
                g = w * q - e * r[l]
                Se += e
                Seb += e * shape[l]
                Sen += e * eta[l]
                Sebn += e * shape[l] * eta[l]
                Senn += e * eta[l] * eta[l]
                S0 += g
                S1 += g * eta[l]
                peak += p
        else:
            for l in range(lanes):
                s = inv_Kh + B * shape[l]
                t = inv_Kt * eta[l]
                x = max(h[l] + on * a[l] * (s * dF + t * dM - r[l]), 1.04 * solid[l])
                q, dq, p = pressed_nip(
                    x, solid[l], root_R, dense[l], yielded[l] * factor, released[l], P_y, E_el, A
                )
                h[l] = x
                r[l] = x - (base[l] + G + T * eta[l] + F * s + M * t + q * inv_Kfl)
                a[l] = 1.0 / (1.0 - dq * inv_Kfl)
                e = w * dq * a[l]
                g = w * q - e * r[l]
                Se += e
                Seb += e * shape[l]
                Sen += e * eta[l]
                Sebn += e * shape[l] * eta[l]
                Senn += e * eta[l] * eta[l]
                S0 += g
                S1 += g * eta[l]
                peak += p
        r0 = F - S0
        r1 = M - S1
        J00 = 1.0 - (inv_Kh * Se + B * Seb)
        J01 = -inv_Kt * Sen
        J10 = -(inv_Kh * Sen + B * Sebn)
        J11 = 1.0 - inv_Kt * Senn
        det = J00 * J11 - J01 * J10
        dF = -(J11 * r0 - J01 * r1) / det
        dM = -(J00 * r1 - J10 * r0) / det
        F += dF
        M += dM
        on = 1.0
        steps += 1
        if (steps >= ITERATIONS and abs(dF) <= STILL * (abs(F) + 1e3)) or steps >= MOST:
            break
    m_h = 0.0
    m_a = 0.0
    m_an = 0.0
    m_ab = 0.0
    for l in range(lanes):
        x = h[l] + a[l] * ((inv_Kh + B * shape[l]) * dF + inv_Kt * eta[l] * dM - r[l])
        h[l] = x
        m_h += x
        m_a += a[l]
        m_an += a[l] * eta[l]
        m_ab += a[l] * shape[l]
    sums[0] = Se
    sums[1] = Seb
    sums[2] = Sen
    sums[3] = Sebn
    sums[4] = Senn
    means[0] = m_h / lanes
    means[1] = m_a / lanes
    means[2] = m_an / lanes
    means[3] = m_ab / lanes
    point[0] = G
    point[1] = T
    point[2] = F
    point[3] = M
    return F, M, peak / lanes, abs(dF) * inv_Kh, steps


@law
def answer_nip(
    G: float, T: float, inv_Kh: float, inv_Kt: float, B: float, sums: np.ndarray, point: np.ndarray
) -> tuple[float, float]:
    """Linear answer of force and moment to G and T around the last full solution: dF [N], dM."""
    dG = G - point[0]
    dT = T - point[1]
    J00 = 1.0 - (inv_Kh * sums[0] + B * sums[1])
    J01 = -inv_Kt * sums[2]
    J10 = -(inv_Kh * sums[2] + B * sums[3])
    J11 = 1.0 - inv_Kt * sums[4]
    b0 = sums[0] * dG + sums[2] * dT
    b1 = sums[2] * dG + sums[4] * dT
    det = J00 * J11 - J01 * J10
    return (J11 * b0 - J01 * b1) / det, (J00 * b1 - J10 * b0) / det
