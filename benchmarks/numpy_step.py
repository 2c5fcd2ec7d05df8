"""The yardstick step as plain NumPy: the readable truth against which every other engine is checked."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.case import (
    DELAY,
    MONITOR,
    NOISE_ROWS,
    NUMPY,
    PSI_O,
    RECORDS,
    RUN_OUT,
    Case,
    Noise,
    State,
    lane_under_gauge,
    nip_law,
    parameters,
    width,
)


def run_out(phi_1: float, phi_2: float, extra: float) -> float:
    """Sum of the run-out cosines of both rolls at one side, m."""
    phi = {1: phi_1, 2: phi_2}
    return sum(a * math.cos(n * phi[i] + psi + extra) for (i, n), (a, psi) in RUN_OUT.items())


def advance(case: Case, s: State, noise: Noise, first: int, n: int) -> None:
    """Advance the state in place by n steps from step `first`."""
    p, w, law, every = parameters(case), width(case), nip_law(case), case.every
    share = p.width / p.lanes
    eta, b = w.eta, 1.0 - w.eta**2
    stretch = 1.0 / p.K_m + b / p.K_b
    loads = np.array([np.ones_like(eta), eta])
    slopes = np.array([stretch, stretch * eta, eta, eta**2, np.ones_like(eta)])
    eta2_sum = float(eta @ eta) + 1e-12
    phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u_d, u_o, h_r, t_c, y = (float(v) for v in s.x)
    for k in range(first, first + n):
        phi_1 = (phi_1 + p.omega_1 * p.dt) % (2.0 * math.pi)
        phi_2 = (phi_2 + p.omega_2 * p.dt) % (2.0 * math.pi)
        e_d, e_o = run_out(phi_1, phi_2, 0.0), run_out(phi_1, phi_2, PSI_O)
        th += p.dt * (1.0 - th) / p.tau_th
        v_d += p.dt * (p.omega_n**2 * (u_d - x_d) - 2.0 * p.zeta * p.omega_n * v_d)
        v_o += p.dt * (p.omega_n**2 * (u_o - x_o) - 2.0 * p.zeta * p.omega_n * v_o)
        x_d, x_o = x_d + p.dt * v_d, x_o + p.dt * v_o
        G = 0.5 * (x_d + x_o + e_d + e_o) - p.k_g * th
        T = 0.5 * ((x_o + e_o) - (x_d + e_d))
        if k % every == 0:
            for _ in range(2):
                G_r, T_r, F_r, F_tr = G, T, F, F_t
                h = G + F / p.K_m + (T + F_t / p.K_t) * eta + F / p.K_b * b - w.crown
                q, dq = law(h, s.m, p, NUMPY)
                S_0, S_1 = (share * (loads @ q)).tolist()
                A_0, A_1, B_0, B_1, C_0 = (share * (slopes @ dq)).tolist()
                J00, J01, J10, J11 = 1.0 - A_0, -B_0 / p.K_t, -A_1, 1.0 - B_1 / p.K_t
                r0, r1 = F - S_0, F_t - S_1
                det = J00 * J11 - J01 * J10
                F, F_t = F - (J11 * r0 - J01 * r1) / det, F_t - (J00 * r1 - J10 * r0) / det
        else:
            r0 = F_r - (S_0 + C_0 * (G - G_r) + B_0 * (T - T_r))
            r1 = F_tr - (S_1 + B_0 * (G - G_r) + B_1 * (T - T_r))
            F, F_t = F_r - (J11 * r0 - J01 * r1) / det, F_tr - (J00 * r1 - J10 * r0) / det
        h = G + F / p.K_m + (T + F_t / p.K_t) * eta + F / p.K_b * b - w.crown
        row, g = k % NOISE_ROWS, lane_under_gauge(k, case.lanes)
        reading = float(s.delayed[k % DELAY]) + p.sigma_g * float(noise.gauge[row])
        s.delayed[k % DELAY] = h[lane_under_gauge(k + DELAY, case.lanes)] * (1.0 + p.eps_s)
        if k % every == 0:
            lam = 1.0 + p.k_lam * (s.m / h - p.D_0)
            white = noise.lanes[row]
            s.n[:] = p.a_n * s.n + p.s_n * white
            s.m[:] += every * p.dt * p.nu * (p.m_0 * (1.0 + s.n + p.s_w * white) - s.m / lam)
        y += p.alpha_y * (reading - y)
        s.z[g] += p.alpha_z * (y - s.z[g])
        error = h_r - (0.5 * (x_d + x_o) + F / p.K_m)
        u_I += p.K_i * p.dt * error
        u = u_I + p.K_p * error
        u_d, u_o = u - t_c, u + t_c
        if k % MONITOR == MONITOR - 1:
            h_r += 0.1 * p.K_mon * (p.h_set - float(s.z.mean()))
            t_c -= 0.1 * p.K_mt * float((s.z * eta).sum()) / eta2_sum
        s.record[k % RECORDS] = G + F / p.K_m, T + F_t / p.K_t, F, y
    s.x[:] = phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u_d, u_o, h_r, t_c, y
