"""The yardstick nip as a compiled kernel: time outermost, then lanes, laws inlined (equations: case.py).

The bending shape is 1 - eta^2, so the sums over s = 1/K_m + b/K_b follow from those over 1, eta, eta^2 and eta^3.
"""

from __future__ import annotations

import math

from benchmarks.case import DELAY, MONITOR, NOISE_ROWS, RECORDS, TRAVERSE, Array, Parameters, State, Width
from dryline.kernel import atan_ratio, atan_to_2, kernel, law, log, sqrt


@law
def peak_form(h: float, m: float, A_H: float, beta: float, R: float) -> tuple[float, float]:
    """Heckel peak pressure times half the contact arc: 2 q K_H and 2 K_H dq/dh, see `case.peak_form`."""
    inv = 1.0 / h
    D = min(max(m * inv, 0.3), 0.97)
    P = max(-log(1.0 - D) - A_H, 0.0)
    e = max(beta * m - h, 1e-9)
    c = sqrt(R * e)
    return P * c, -c * (e * D * inv + 0.5 * P * (1.0 - D)) / (e * (1.0 - D))


@law
def integral_form(h: float, m: float, A_H: float, inv_loose: float, beta: float, root_R: float) -> tuple[float, float]:
    """Closed form of the Heckel nip integral: q K_H and K_H dq/dh, see `case.integral_form`."""
    inv = 1.0 / h
    D = min(max(m * inv, 0.3), 0.97)
    c2 = 1.0 - D
    c = sqrt(c2)
    U2 = min(beta * m * inv, D * inv_loose) - 1.0
    U = sqrt(U2)
    a = atan_to_2(U)
    a_c = atan_ratio(U, c)
    top = 1.0 + U2
    bottom = c2 + U2
    ratio = log(top / bottom)
    bracket = U * (ratio - A_H) + 2.0 * (a - c * a_c)
    at_entry = max(ratio - A_H, 0.0)
    root = root_R * sqrt(h)
    return root * bracket, -root * inv * (a_c / c - a + at_entry / (2.0 * U))


@kernel
def advance(p: Parameters, w: Width, s: State, xi: Array, xi_gauge: Array, every: int, first: int, n: int) -> None:
    """Advance the state by n steps from step `first`; lanes move when the step number is a multiple of `every`."""
    L = w.eta.shape[0]
    eta, crown, m, noise, z = w.eta, w.crown, s.m, s.n, s.z
    phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u_d, u_o, h_r, t_c, y = s.x
    inv_K_m, inv_K_t, inv_K_b = 1.0 / p.K_m, 1.0 / p.K_t, 1.0 / p.K_b
    A_H, beta, R, dt = p.A_H, p.beta, p.R, p.dt
    inv_loose, root_R = 1.0 / (1.0 - math.exp(-A_H)), math.sqrt(R)
    scale = p.width / (p.lanes * p.K_H) * (1.0 if p.integral > 0.5 else 0.5)
    eta2_sum = 1e-12
    for l in range(L):
        eta2_sum += eta[l] * eta[l]
    G_r = T_r = F_r = F_tr = S_0 = S_1 = A_0 = A_1 = B_0 = B_1 = C_0 = 0.0
    step = dt * every
    for k in range(first, first + n):
        phi_1 += p.omega_1 * dt
        phi_2 += p.omega_2 * dt
        phi_1 -= 2.0 * math.pi if phi_1 > 2.0 * math.pi else 0.0
        phi_2 -= 2.0 * math.pi if phi_2 > 2.0 * math.pi else 0.0
        c1, s1, c2, s2 = math.cos(phi_1), math.sin(phi_1), math.cos(phi_2), math.sin(phi_2)
        cc1, ss1, cc2, ss2 = 2.0 * c1 * c1 - 1.0, 2.0 * s1 * c1, 2.0 * c2 * c2 - 1.0, 2.0 * s2 * c2
        e_d = p.e_d11c * c1 + p.e_d11s * s1 + p.e_d12c * cc1 + p.e_d12s * ss1
        e_d += p.e_d21c * c2 + p.e_d21s * s2 + p.e_d22c * cc2 + p.e_d22s * ss2
        e_o = p.e_o11c * c1 + p.e_o11s * s1 + p.e_o12c * cc1 + p.e_o12s * ss1
        e_o += p.e_o21c * c2 + p.e_o21s * s2 + p.e_o22c * cc2 + p.e_o22s * ss2
        th += dt * (1.0 - th) / p.tau_th
        v_d += dt * (p.omega_n * p.omega_n * (u_d - x_d) - 2.0 * p.zeta * p.omega_n * v_d)
        v_o += dt * (p.omega_n * p.omega_n * (u_o - x_o) - 2.0 * p.zeta * p.omega_n * v_o)
        x_d += dt * v_d
        x_o += dt * v_o
        G = 0.5 * (x_d + x_o + e_d + e_o) - p.k_g * th
        T = 0.5 * ((x_o + e_o) - (x_d + e_d))
        moving = k % every == 0
        if moving:
            for _ in range(2):
                G_r, T_r, F_r, F_tr = G, T, F, F_t
                centre, tilt, bend = G + F * inv_K_m, T + F_t * inv_K_t, F * inv_K_b
                S_0 = S_1 = B_0 = B_1 = B_3 = C_0 = 0.0
                if p.integral > 0.5:
                    for l in range(L):
                        h = (centre + bend) + eta[l] * (tilt - bend * eta[l]) - crown[l]
                        q, dq = integral_form(h, m[l], A_H, inv_loose, beta, root_R)
                        S_0 += q
                        S_1 += q * eta[l]
                        C_0 += dq
                        B_0 += dq * eta[l]
                        B_1 += dq * (eta[l] * eta[l])
                        B_3 += dq * (eta[l] * eta[l]) * eta[l]
                else:
                    for l in range(L):
                        h = (centre + bend) + eta[l] * (tilt - bend * eta[l]) - crown[l]
                        q, dq = peak_form(h, m[l], A_H, beta, R)
                        S_0 += q
                        S_1 += q * eta[l]
                        C_0 += dq
                        B_0 += dq * eta[l]
                        B_1 += dq * (eta[l] * eta[l])
                        B_3 += dq * (eta[l] * eta[l]) * eta[l]
                S_0, S_1, C_0 = scale * S_0, scale * S_1, scale * C_0
                B_0, B_1, B_3 = scale * B_0, scale * B_1, scale * B_3
                A_0 = C_0 * inv_K_m + (C_0 - B_1) * inv_K_b
                A_1 = B_0 * inv_K_m + (B_0 - B_3) * inv_K_b
                J00, J01, J10, J11 = 1.0 - A_0, -B_0 * inv_K_t, -A_1, 1.0 - B_1 * inv_K_t
                r0, r1 = F - S_0, F_t - S_1
                det = J00 * J11 - J01 * J10
                F -= (J11 * r0 - J01 * r1) / det
                F_t -= (J00 * r1 - J10 * r0) / det
        else:
            dG, dT = G - G_r, T - T_r
            J00, J01, J10, J11 = 1.0 - A_0, -B_0 * inv_K_t, -A_1, 1.0 - B_1 * inv_K_t
            r0 = F_r - (S_0 + C_0 * dG + B_0 * dT)
            r1 = F_tr - (S_1 + B_0 * dG + B_1 * dT)
            det = J00 * J11 - J01 * J10
            F = F_r - (J11 * r0 - J01 * r1) / det
            F_t = F_tr - (J00 * r1 - J10 * r0) / det
        centre, tilt, bend = G + F * inv_K_m, T + F_t * inv_K_t, F * inv_K_b
        row = k % NOISE_ROWS
        place = k % (2 * TRAVERSE)
        place = 2 * TRAVERSE - 1 - place if place >= TRAVERSE else place
        g = place * L // TRAVERSE
        ahead = (k + DELAY) % (2 * TRAVERSE)
        ahead = 2 * TRAVERSE - 1 - ahead if ahead >= TRAVERSE else ahead
        a = ahead * L // TRAVERSE
        reading = s.delayed[k % DELAY] + p.sigma_g * xi_gauge[row]
        s.delayed[k % DELAY] = ((centre + bend) + eta[a] * (tilt - bend * eta[a]) - crown[a]) * (1.0 + p.eps_s)
        if moving:
            for l in range(L):
                h = (centre + bend) + eta[l] * (tilt - bend * eta[l]) - crown[l]
                lam = 1.0 + p.k_lam * (m[l] / h - p.D_0)
                white = xi[row, l]
                noise[l] = p.a_n * noise[l] + p.s_n * white
                m[l] += step * p.nu * (p.m_0 * (1.0 + noise[l] + p.s_w * white) - m[l] / lam)
        y += p.alpha_y * (reading - y)
        z[g] += p.alpha_z * (y - z[g])
        error = h_r - (0.5 * (x_d + x_o) + F * inv_K_m)
        u_I += p.K_i * dt * error
        u = u_I + p.K_p * error
        u_d, u_o = u - t_c, u + t_c
        if k % MONITOR == MONITOR - 1:
            mean = tilted = 0.0
            for l in range(L):
                mean += z[l]
                tilted += z[l] * eta[l]
            h_r += 0.1 * p.K_mon * (p.h_set - mean / L)
            t_c -= 0.1 * p.K_mt * tilted / eta2_sum
        record = s.record[k % RECORDS]
        record[0], record[1], record[2], record[3] = centre, tilt, F, y
    x = s.x
    x[0], x[1], x[2], x[3], x[4], x[5], x[6] = phi_1, phi_2, th, x_d, v_d, x_o, v_o
    x[7], x[8], x[9], x[10], x[11], x[12], x[13], x[14] = F, F_t, u_I, u_d, u_o, h_r, t_c, y
