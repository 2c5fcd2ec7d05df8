"""The nip as the web twin solves it: loaded gap across the width and roll force by warm-started Newton steps.

Unknowns of one nip are the film gap h(y) of every lane, the force F and its moment M about the centre (in units of eta)::

    h(y) = base(y) + G + T eta + F (1/K_h + B (1 - eta^2)) + M eta / K_t + q(h)/K_fl
    F = sum w c q,   M = sum w c q eta

eta is -1 and 1 at the edges of the film in the nip, c the share of a lane (width w) that film covers: 0 beyond the
film. Means over the width are those over the film. base holds crown, bending actuators and thermal growth; G and T mean
and tilt of chocks and run-out; q is the closed-form nip integral of `process.compaction`. A lane's own equation is
eliminated by its response a = 1/(1 - q'/K_fl), which leaves two equations for F and M. A new cell brings, per lane, a
change of load that its solid thickness and memory let foresee to first order. While the cell is drawn in, the nip
answers linearly to the growing share of that change and to movements of the chocks; when it is in, the lanes are solved
by a Newton step from the gap that answers to the whole change, so that one evaluation is as good as two from the old
gap.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.process.compaction import bed_nip, pressed_nip
from dryline.process.tabulated import table_nip
from dryline.twin.state import CHANGE, DEFECT, DENSE, EASE, LOAD, RESPONSE, SLOPE, SOLID, YIELDED, H

GAP_STILL = 20e-9
"""Correction of the gap by the force [m], and root mean square of the lanes' own defects times a fifth, above which another
Newton step is taken; what is left then is below 0.02 nm of gap (quadratic convergence over a length of about 10 um)."""
MOST = 60


@law
def foresee(
    arriving: float, dG: float, dT: float, inv_Kh: float, inv_Kt: float, B: float, inv_Kfl: float, eta: np.ndarray,
    across: np.ndarray, sums: np.ndarray, coming: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Linear answer dF, dM of a nip to a moved gap and, where arriving is 1, to the change of load that a cell brings.

    Leaves the defects that belong to it in row DEFECT, so that the next evaluation starts at the foreseen gap.
    """
    for l in range(eta.size):
        across[DEFECT, l] = -(dG + dT * eta[l] + arriving * across[CHANGE, l] * inv_Kfl)
    b0 = arriving * coming[0] + sums[0] * dG + sums[2] * dT
    return answer(b0, arriving * coming[1] + sums[2] * dG + sums[4] * dT, inv_Kh, inv_Kt, B, sums)


@law
def expect(
    w: float, inv_Kfl: float, eta: np.ndarray, cover: np.ndarray, across: np.ndarray, coming: np.ndarray
) -> None:
    """Load [N], moment and mean gap [m] that the changes of row CHANGE bring at the same force and chock position."""
    c0 = 0.0
    c1 = 0.0
    covered = 0.0
    for l in range(eta.size):
        g = cover[l] * across[RESPONSE, l] * across[CHANGE, l]
        c0 += g
        c1 += g * eta[l]
        covered += cover[l]
    coming[0] = w * c0
    coming[1] = w * c1
    coming[2] = inv_Kfl * c0 / covered


@law
def answer(b0: float, b1: float, inv_Kh: float, inv_Kt: float, B: float, sums: np.ndarray) -> tuple[float, float]:
    """Force and moment that settle when load b0 [N] and moment b1 are put on the linearised nip."""
    J00 = 1.0 - (inv_Kh * sums[0] + B * sums[1])
    J01 = -inv_Kt * sums[2]
    J10 = -(inv_Kh * sums[2] + B * sums[3])
    J11 = 1.0 - inv_Kt * sums[4]
    det = J00 * J11 - J01 * J10
    return (J11 * b0 - J01 * b1) / det, (J00 * b1 - J10 * b0) / det


@law
def press_lanes(
    low: bool, G: float, T: float, F: float, M: float, dF: float, dM: float, factor: float, base: np.ndarray,
    eta: np.ndarray, shape: np.ndarray, inv_Kh: float, inv_Kt: float, B: float, inv_Kfl: float, root_R: float,
    v: np.ndarray, beta: np.ndarray, table: np.ndarray, cover: np.ndarray, across: np.ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Move every lane by its answer to dF, dM and its defect, and evaluate load, slopes and new defect there.

    Returns the sum of peak pressure over the covered lanes, and of squared defects over all.
    """
    P_y, E_el, A, D_J, p_J, K0, f = v[0] * factor, v[1], v[2], v[3], v[4] * factor, v[5], v[6]
    h, a, r = across[H], across[RESPONSE], across[DEFECT]
    for l in range(eta.size):
        x = h[l] + a[l] * ((inv_Kh + B * shape[l]) * dF + inv_Kt * eta[l] * dM - r[l])
        h[l] = max(x, 1.04 * across[SOLID, l])
    peak = 0.0
    if K0 < 0.0:
        for l in range(eta.size):
            across[LOAD, l], across[SLOPE, l], p, across[EASE, l] = table_nip(
                h[l], across[SOLID, l], root_R, across[DENSE, l], across[YIELDED, l], P_y, E_el, D_J, table
            )
            peak += cover[l] * p
    elif low:
        b = (
            beta[0], beta[1], beta[2], beta[3], beta[4], beta[5], beta[6], beta[7], beta[8], beta[9], beta[10], beta[11],
            beta[12], beta[13], beta[14], beta[15],
        )  # fmt: skip
        for l in range(eta.size):
            across[LOAD, l], across[SLOPE, l], p, across[EASE, l] = bed_nip(
                h[l], across[SOLID, l], root_R, across[DENSE, l], across[YIELDED, l], P_y, E_el, A, D_J, p_J, K0, f, b
            )
            peak += cover[l] * p
    else:
        for l in range(eta.size):
            across[LOAD, l], across[SLOPE, l], p, across[EASE, l] = pressed_nip(
                h[l], across[SOLID, l], root_R, across[DENSE, l], across[YIELDED, l], P_y, E_el, A
            )
            peak += cover[l] * p
    defects = 0.0
    for l in range(eta.size):
        s = inv_Kh + B * shape[l]
        t = inv_Kt * eta[l]
        defect = h[l] - (base[l] + G + T * eta[l] + F * s + M * t + across[LOAD, l] * inv_Kfl)
        r[l] = defect
        a[l] = 1.0 / (1.0 - across[SLOPE, l] * inv_Kfl)
        defects += defect * defect
    return peak, defects


@law
def solve_nip(
    arriving: float, low: bool, G: float, T: float, factor: float, base: np.ndarray, eta: np.ndarray, shape: np.ndarray,
    cover: np.ndarray, w: float, inv_Kh: float, inv_Kt: float, B: float, inv_Kfl: float, root_R: float, v: np.ndarray,
    beta: np.ndarray, table: np.ndarray, across: np.ndarray, sums: np.ndarray, means: np.ndarray, point: np.ndarray,
    coming: np.ndarray,
) -> tuple[float, float, int]:  # fmt: skip
    """Solve one nip from its last solution (`point`: G, T, F, M), with a cell just in (arriving 1) or the same one (0).

    Returns mean peak pressure [Pa], last correction of the gap by the force [m], number of evaluations.
    """
    lanes = eta.size
    h, a, r = across[H], across[RESPONSE], across[DEFECT]
    dF, dM = foresee(arriving, G - point[0], T - point[1], inv_Kh, inv_Kt, B, inv_Kfl, eta, across, sums, coming)
    F = point[2] + dF
    M = point[3] + dM
    steps = 0
    peak = 0.0
    while True:
        peak, defects = press_lanes(
            low, G, T, F, M, dF, dM, factor, base, eta, shape, inv_Kh, inv_Kt, B, inv_Kfl, root_R, v, beta, table,
            cover, across,
        )  # fmt: skip
        Se = 0.0
        Seb = 0.0
        Sen = 0.0
        Sebn = 0.0
        S0 = 0.0
        S1 = 0.0
        for l in range(lanes):
            e = w * cover[l] * across[SLOPE, l] * a[l]
            g = w * cover[l] * across[LOAD, l] - e * r[l]
            Se += e
            Seb += e * shape[l]
            Sen += e * eta[l]
            Sebn += e * shape[l] * eta[l]
            S0 += g
            S1 += g * eta[l]
        sums[0] = Se
        sums[1] = Seb
        sums[2] = Sen
        sums[3] = Sebn
        sums[4] = Se - Seb  # eta^2 = 1 - shape
        dF, dM = answer(S0 - F, S1 - M, inv_Kh, inv_Kt, B, sums)
        F += dF
        M += dM
        steps += 1
        still = abs(dF) * inv_Kh <= GAP_STILL and defects <= 25.0 * GAP_STILL * GAP_STILL * lanes
        if still or steps >= MOST:
            break
    m_h = 0.0
    m_a = 0.0
    m_an = 0.0
    m_ab = 0.0
    covered = 0.0
    for l in range(lanes):
        x = h[l] + a[l] * ((inv_Kh + B * shape[l]) * dF + inv_Kt * eta[l] * dM - r[l])
        h[l] = x
        covered += cover[l]
        m_h += cover[l] * x
        m_a += cover[l] * a[l]
        m_an += cover[l] * a[l] * eta[l]
        m_ab += cover[l] * a[l] * shape[l]
    means[0] = m_h / covered
    means[1] = m_a / covered
    means[2] = m_an / covered
    means[3] = m_ab / covered
    point[0] = G
    point[1] = T
    point[2] = F
    point[3] = M
    return peak / covered, abs(dF) * inv_Kh, steps
