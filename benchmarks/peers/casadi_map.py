"""CasADi: one step as a symbolic function, repeated with `mapaccum` in its virtual machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import (
    DELAY,
    MONITOR,
    NOISE_ROWS,
    PSI_O,
    RECORDS,
    RUN_OUT,
    Case,
    Functions,
    Noise,
    State,
    lane_under_gauge,
    nip_law,
    parameters,
    width,
)

HEAD = 13
"""Number of scalars before the lanes in the state vector; t_c and h_r are inputs, constant over a monitor period."""


def period_function(case: Case) -> Any:
    """One monitor period: (state, noise, readings, h_r, t_c) -> (state, records and thickness of every step)."""
    import casadi as ca

    p, w, law, L = parameters(case), width(case), nip_law(case), case.lanes
    f = Functions(ca.log, ca.sqrt, ca.atan, ca.fmax, ca.fmin)
    eta, crown = ca.DM(w.eta), ca.DM(w.crown)
    b = 1.0 - eta * eta
    stretch, share = 1.0 / p.K_m + b / p.K_b, p.width / p.lanes
    state, given = ca.SX.sym("state", HEAD + 2 * L), ca.SX.sym("given", L + 3)
    phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u_d, u_o, y = (state[i] for i in range(HEAD))
    m, noise = state[HEAD : HEAD + L], state[HEAD + L :]
    white, reading, h_r, t_c = given[:L], given[L], given[L + 1], given[L + 2]
    phi_1, phi_2 = phi_1 + p.omega_1 * p.dt, phi_2 + p.omega_2 * p.dt
    phi_1 = phi_1 - ca.if_else(phi_1 > 2.0 * np.pi, 2.0 * np.pi, 0.0)
    phi_2 = phi_2 - ca.if_else(phi_2 > 2.0 * np.pi, 2.0 * np.pi, 0.0)
    phi = {1: phi_1, 2: phi_2}
    e_d = sum(a * ca.cos(n * phi[i] + psi) for (i, n), (a, psi) in RUN_OUT.items())
    e_o = sum(a * ca.cos(n * phi[i] + psi + PSI_O) for (i, n), (a, psi) in RUN_OUT.items())
    th = th + p.dt * (1.0 - th) / p.tau_th
    v_d = v_d + p.dt * (p.omega_n**2 * (u_d - x_d) - 2.0 * p.zeta * p.omega_n * v_d)
    v_o = v_o + p.dt * (p.omega_n**2 * (u_o - x_o) - 2.0 * p.zeta * p.omega_n * v_o)
    x_d, x_o = x_d + p.dt * v_d, x_o + p.dt * v_o
    G, T = 0.5 * (x_d + x_o + e_d + e_o) - p.k_g * th, 0.5 * ((x_o + e_o) - (x_d + e_d))
    for _ in range(2):
        h = G + F / p.K_m + (T + F_t / p.K_t) * eta + F / p.K_b * b - crown
        q, dq = law(h, m, p, f)
        q, dq = share * q, share * dq
        r0, r1 = F - ca.sum1(q), F_t - ca.dot(q, eta)
        J00, J01 = 1.0 - ca.dot(dq, stretch), -ca.dot(dq, eta) / p.K_t
        J10, J11 = -ca.dot(dq, stretch * eta), 1.0 - ca.dot(dq, eta * eta) / p.K_t
        det = J00 * J11 - J01 * J10
        F, F_t = F - (J11 * r0 - J01 * r1) / det, F_t - (J00 * r1 - J10 * r0) / det
    h = G + F / p.K_m + (T + F_t / p.K_t) * eta + F / p.K_b * b - crown
    noise = p.a_n * noise + p.s_n * white
    lam = 1.0 + p.k_lam * (m / h - p.D_0)
    m = m + p.dt * p.nu * (p.m_0 * (1.0 + noise + p.s_w * white) - m / lam)
    y = y + p.alpha_y * (reading - y)
    error = h_r - (0.5 * (x_d + x_o) + F / p.K_m)
    u_I = u_I + p.K_i * p.dt * error
    u = u_I + p.K_p * error
    after = ca.vertcat(phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u - t_c, u + t_c, y, m, noise)
    out = ca.vertcat(G + F / p.K_m, T + F_t / p.K_t, F, y, h)
    return ca.Function("step", [state, given], [after, out]).mapaccum("period", MONITOR)


class CasadiMap:
    """CasADi virtual machine; gauge profile and monitor loop in NumPy between periods."""

    name = "CasADi mapaccum, virtual machine"
    block = MONITOR

    def available(self) -> str:
        """Empty where CasADi can be imported."""
        try:
            import casadi
        except ImportError:
            return "not installed"
        self.version = f"casadi {casadi.__version__}"
        return ""

    def supports(self, case: Case) -> bool:
        """Full rate, up to 200 lanes (its graph grows with the lanes)."""
        return case.every == 1 and case.lanes <= 200

    def prepare(self, case: Case, state: State, noise: Noise) -> None:
        """Build the function and set to the start."""
        self.case, self.noise, self.period = case, noise, period_function(case)
        self.p, self.eta, s = parameters(case), width(case).eta, state
        self.h_r, self.t_c = float(s.x[12]), float(s.x[13])
        self.state = np.concatenate([s.x[:12], s.x[14:], s.m, s.n])
        self.z, self.delayed, self.record = s.z, s.delayed, s.record
        self.eta2_sum = float(self.eta @ self.eta) + 1e-12

    def run(self, first: int, n: int) -> None:
        """Advance by n steps from step `first`, both multiples of the block."""
        L, p = self.case.lanes, self.p
        given = np.empty((L + 3, MONITOR))
        for begin in range(first, first + n, MONITOR):
            k = np.arange(begin, begin + MONITOR)
            rows = k % NOISE_ROWS
            given[:L] = self.noise.lanes[rows].T
            given[L] = self.delayed[k % DELAY] + p.sigma_g * self.noise.gauge[rows]
            given[L + 1], given[L + 2] = self.h_r, self.t_c
            after, out = self.period(self.state, given)
            steps = out.full()
            self.state = after.full()[:, -1]
            ahead = [lane_under_gauge(int(j) + DELAY, L) for j in k]
            self.delayed[k % DELAY] = steps[4 + np.array(ahead), np.arange(MONITOR)] * (1.0 + p.eps_s)
            for j, y in zip(k, steps[3], strict=True):
                g = lane_under_gauge(int(j), L)
                self.z[g] += p.alpha_z * (y - self.z[g])
            self.h_r += 0.1 * p.K_mon * (p.h_set - float(self.z.mean()))
            self.t_c -= 0.1 * p.K_mt * float(self.z @ self.eta) / self.eta2_sum
            self.record[k % RECORDS] = steps[:4].T
