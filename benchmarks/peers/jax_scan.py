"""JAX on the processor: nested `lax.scan`, delay line outside the carry, 64 bit."""

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
    TRAVERSE,
    Case,
    Functions,
    Noise,
    State,
    lane_under_gauge,
    nip_law,
    parameters,
    width,
)


def chunk_function(case: Case) -> Any:
    """Compiled function of (state, inputs of RECORDS steps) -> (state, (record, thickness ahead))."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    p, w, law = parameters(case), width(case), nip_law(case)
    f = Functions(jnp.log, jnp.sqrt, jnp.arctan, jnp.maximum, jnp.minimum)
    eta, crown = jnp.asarray(w.eta), jnp.asarray(w.crown)
    b = 1.0 - eta * eta
    stretch, share, eta2_sum = 1.0 / p.K_m + b / p.K_b, p.width / p.lanes, float(w.eta @ w.eta) + 1e-12

    def step(state: Any, given: Any) -> Any:
        x, m, noise, z = state
        phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u_d, u_o, h_r, t_c, y = x
        white, delayed, gauge_noise, g, ahead = given
        phi_1, phi_2 = phi_1 + p.omega_1 * p.dt, phi_2 + p.omega_2 * p.dt
        phi_1 = jnp.where(phi_1 > 2.0 * np.pi, phi_1 - 2.0 * np.pi, phi_1)
        phi_2 = jnp.where(phi_2 > 2.0 * np.pi, phi_2 - 2.0 * np.pi, phi_2)
        phi = {1: phi_1, 2: phi_2}
        e_d = sum(a * jnp.cos(n * phi[i] + psi) for (i, n), (a, psi) in RUN_OUT.items())
        e_o = sum(a * jnp.cos(n * phi[i] + psi + PSI_O) for (i, n), (a, psi) in RUN_OUT.items())
        th = th + p.dt * (1.0 - th) / p.tau_th
        v_d = v_d + p.dt * (p.omega_n**2 * (u_d - x_d) - 2.0 * p.zeta * p.omega_n * v_d)
        v_o = v_o + p.dt * (p.omega_n**2 * (u_o - x_o) - 2.0 * p.zeta * p.omega_n * v_o)
        x_d, x_o = x_d + p.dt * v_d, x_o + p.dt * v_o
        G, T = 0.5 * (x_d + x_o + e_d + e_o) - p.k_g * th, 0.5 * ((x_o + e_o) - (x_d + e_d))
        for _ in range(2):
            h = G + F / p.K_m + (T + F_t / p.K_t) * eta + F / p.K_b * b - crown
            q, dq = law(h, m, p, f)
            q, dq = share * q, share * dq
            r0, r1 = F - jnp.sum(q), F_t - jnp.sum(q * eta)
            J00, J01 = 1.0 - jnp.sum(dq * stretch), -jnp.sum(dq * eta) / p.K_t
            J10, J11 = -jnp.sum(dq * stretch * eta), 1.0 - jnp.sum(dq * eta * eta) / p.K_t
            det = J00 * J11 - J01 * J10
            F, F_t = F - (J11 * r0 - J01 * r1) / det, F_t - (J00 * r1 - J10 * r0) / det
        h = G + F / p.K_m + (T + F_t / p.K_t) * eta + F / p.K_b * b - crown
        lam = 1.0 + p.k_lam * (m / h - p.D_0)
        noise = p.a_n * noise + p.s_n * white
        m = m + p.dt * p.nu * (p.m_0 * (1.0 + noise + p.s_w * white) - m / lam)
        y = y + p.alpha_y * (delayed + p.sigma_g * gauge_noise - y)
        z = z.at[g].add(p.alpha_z * (y - z[g]))
        error = h_r - (0.5 * (x_d + x_o) + F / p.K_m)
        u_I = u_I + p.K_i * p.dt * error
        u = u_I + p.K_p * error
        x = (phi_1, phi_2, th, x_d, v_d, x_o, v_o, F, F_t, u_I, u - t_c, u + t_c, h_r, t_c, y)
        record = (G + F / p.K_m, T + F_t / p.K_t, F, y)
        return (x, m, noise, z), (record, h[ahead] * (1.0 + p.eps_s))

    def period(state: Any, given: Any) -> Any:
        (x, m, noise, z), out = lax.scan(step, state, given)
        h_r = x[12] + 0.1 * p.K_mon * (p.h_set - jnp.mean(z))
        t_c = x[13] - 0.1 * p.K_mt * jnp.sum(z * eta) / eta2_sum
        return ((*x[:12], h_r, t_c, x[14]), m, noise, z), out

    return jax.jit(lambda state, given: lax.scan(period, state, given))


class JaxScan:
    """JAX scan in chunks of one second."""

    name = "JAX scan"
    block = RECORDS

    def available(self) -> str:
        """Empty where JAX can be imported; switches it to 64 bit."""
        try:
            import jax
        except ImportError:
            return "not installed"
        jax.config.update("jax_enable_x64", True)
        self.version = f"jax {jax.__version__}"
        return ""

    def supports(self, case: Case) -> bool:
        """Full rate only."""
        return case.every == 1

    def prepare(self, case: Case, state: State, noise: Noise) -> None:
        """Compile and set to the start."""
        self.case, self.noise, self.chunk = case, noise, chunk_function(case)
        self.state: Any = (tuple(float(v) for v in state.x), state.m, state.n, state.z)
        self.delayed, self.record = state.delayed, state.record
        self.under = np.array([lane_under_gauge(k, case.lanes) for k in range(2 * TRAVERSE)])
        self.chunk(self.state, self.inputs(0))

    def inputs(self, first: int) -> tuple[Any, ...]:
        """Inputs of the second that begins at step `first`, in periods of the monitor loop."""
        k = np.arange(first, first + RECORDS)
        row, turn = k % NOISE_ROWS, len(self.under)
        flat = (self.delayed[k % DELAY], self.noise.gauge[row], self.under[k % turn], self.under[(k + DELAY) % turn])
        lanes = self.noise.lanes[row[0] : row[0] + RECORDS].reshape(-1, MONITOR, self.case.lanes)
        return lanes, *(v.reshape(-1, MONITOR) for v in flat)

    def run(self, first: int, n: int) -> None:
        """Advance by n steps from step `first`, both multiples of the block."""
        for k in range(first, first + n, RECORDS):
            self.state, (record, thickness) = self.chunk(self.state, self.inputs(k))
            self.delayed[np.arange(k, k + RECORDS) % DELAY] = np.asarray(thickness).ravel()
            self.record[:] = np.stack([np.asarray(v).ravel() for v in record], axis=1)
