"""SciPy RK45 on the continuous form: adaptive, so it does more than the discrete case asks.

States phi_1, phi_2, th, x_s, v_s, u_I and m per lane (lengths in um, so that atol is 1e-8 um); F and F_t by Newton in
every right-hand side; the feed is held over each millisecond; no gauge and no monitor loop. Each millisecond is one
call, tried first as one step, so that no step crosses a jump of the feed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import NOISE_ROWS, NUMPY, PSI_O, RECORDS, Array, Case, Noise, State, nip_law, parameters, width
from benchmarks.numpy_step import run_out

UM = 1e-6


class ScipyRK45:
    """solve_ivp with RK45, rtol 1e-6, maximal step 1 ms."""

    name = "SciPy RK45 (adaptive, continuous)"
    continuous = True
    block = 100

    def available(self) -> str:
        """Empty where SciPy can be imported."""
        try:
            import scipy.integrate
        except ImportError:
            return "not installed"
        self.solve: Any = scipy.integrate.solve_ivp
        self.version = f"scipy {scipy.__version__}"
        return ""

    def supports(self, case: Case) -> bool:
        """Full rate only."""
        return case.every == 1

    def prepare(self, case: Case, state: State, noise: Noise) -> None:
        """Set to the start."""
        self.p, self.law, self.noise = parameters(case), nip_law(case), noise
        s, w = state, width(case)
        self.eta, self.crown = w.eta, w.crown
        b = 1.0 - w.eta**2
        self.b = b
        stretch = 1.0 / self.p.K_m + b / self.p.K_b
        self.loads = np.array([np.ones_like(b), w.eta])
        self.slopes = np.array([stretch, stretch * w.eta, w.eta, w.eta**2])
        self.y = np.concatenate([s.x[:3], s.x[3:7] / UM, s.x[9:10] / UM, s.m / UM])
        self.F, self.F_t = float(s.x[7]), float(s.x[8])
        self.h_r, self.coloured, self.feed = float(s.x[12]), s.n, np.full(case.lanes, self.p.m_0)
        self.record = s.record

    def gap(self, y: Array) -> tuple[float, float, Array]:
        """Centre gap, tilt and gap per lane [m]; the force is kept as the next start."""
        p = self.p
        x_d, x_o = y[3] * UM, y[5] * UM
        e_d, e_o = run_out(y[0], y[1], 0.0), run_out(y[0], y[1], PSI_O)
        G, T = 0.5 * (x_d + x_o + e_d + e_o) - p.k_g * y[2], 0.5 * ((x_o + e_o) - (x_d + e_d))
        share, m = p.width / p.lanes, y[8:] * UM
        for _ in range(2):
            h = G + self.F / p.K_m + (T + self.F_t / p.K_t) * self.eta + self.F / p.K_b * self.b - self.crown
            q, dq = self.law(h, m, p, NUMPY)
            S_0, S_1 = (share * (self.loads @ q)).tolist()
            A_0, A_1, B_0, B_1 = (share * (self.slopes @ dq)).tolist()
            J00, J01, J10, J11 = 1.0 - A_0, -B_0 / p.K_t, -A_1, 1.0 - B_1 / p.K_t
            r0, r1, det = self.F - S_0, self.F_t - S_1, J00 * J11 - J01 * J10
            self.F -= (J11 * r0 - J01 * r1) / det
            self.F_t -= (J00 * r1 - J10 * r0) / det
        centre, tilt = G + self.F / p.K_m, T + self.F_t / p.K_t
        return centre, tilt, centre + tilt * self.eta + self.F / p.K_b * self.b - self.crown

    def slope(self, _t: float, y: Array) -> Array:
        """Right-hand side."""
        p = self.p
        _, _, h = self.gap(y)
        x_d, v_d, x_o, v_o, u_I = y[3:8]
        error = self.h_r / UM - (0.5 * (x_d + x_o) + self.F / p.K_m / UM)
        u = u_I + p.K_p * error
        dy = np.empty_like(y)
        dy[0], dy[1], dy[2] = p.omega_1, p.omega_2, (1.0 - y[2]) / p.tau_th
        dy[3], dy[5], dy[7] = v_d, v_o, p.K_i * error
        dy[4] = p.omega_n**2 * (u - x_d) - 2.0 * p.zeta * p.omega_n * v_d
        dy[6] = p.omega_n**2 * (u - x_o) - 2.0 * p.zeta * p.omega_n * v_o
        lam = 1.0 + p.k_lam * (y[8:] * UM / h - p.D_0)
        dy[8:] = p.nu * (self.feed / UM - y[8:] / lam)
        return dy

    def run(self, first: int, n: int) -> None:
        """Advance by n steps of 1 ms from step `first`."""
        p = self.p
        for k in range(first, first + n):
            span = (0.0, p.dt)
            given = {"method": "RK45", "first_step": p.dt, "max_step": p.dt, "rtol": 1e-6, "atol": 1e-8}
            self.y = self.solve(self.slope, span, self.y, t_eval=span[1:], **given).y[:, -1]
            centre, tilt, _ = self.gap(self.y)
            self.record[k % RECORDS] = centre, tilt, self.F, 0.0
            white = self.noise.lanes[k % NOISE_ROWS]
            self.coloured = p.a_n * self.coloured + p.s_n * white
            self.feed = p.m_0 * (1.0 + self.coloured + p.s_w * white)
