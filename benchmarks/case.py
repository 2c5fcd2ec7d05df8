"""The yardstick: one calender nip with gauge and gap control, as data that every engine receives alike.

Equations, one step in this order (README.md has the words): rolls and run-out, growth, gap servos, two Newton iterations
for force F and tilt load F_t over all lanes, delayed gauge, lanes, filters, gaugemeter, monitor every 100 steps, record.
The parameters are chosen, not measured (all "assumed"): the case compares engines, it does not describe a mill.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DELAY = 2500
"""Transport delay from nip to gauge, steps of 1 ms."""

TRAVERSE = 4000
"""Steps of one traverse of the gauge over the width."""

MONITOR = 100
"""Steps between two actions of the monitor loop."""

RECORDS = 1000
"""Rows of the record of an engine: the last second. `run(n)` takes multiples of this, unless an engine allows less."""

NOISE_ROWS = 4000
"""Rows of the pre-drawn noise; step k uses row k mod NOISE_ROWS."""

H_REF = 100e-6
EPS_S = 0.05
H_SET = H_REF * (1.0 + EPS_S)


@dataclass(frozen=True)
class Case:
    """One problem: nip law ("peak" pressure times half the arc, or closed-form "integral"), lanes, lanes moved every n ms."""

    law: str = "peak"
    lanes: int = 200
    every: int = 1

    @property
    def name(self) -> str:
        """Short name, as in the tables."""
        rate = "" if self.every == 1 else f" lanes every {self.every} ms"
        return f"{'N1' if self.law == 'peak' else 'N1b'} {self.lanes} lanes{rate}"


class Parameters(NamedTuple):
    """Numbers of the case, SI; e_* are the products of run-out amplitude and phase (side, roll, harmonic, cos or sin)."""

    dt: float
    width: float
    lanes: float
    integral: float
    omega_1: float
    omega_2: float
    e_d11c: float
    e_d11s: float
    e_d12c: float
    e_d12s: float
    e_d21c: float
    e_d21s: float
    e_d22c: float
    e_d22s: float
    e_o11c: float
    e_o11s: float
    e_o12c: float
    e_o12s: float
    e_o21c: float
    e_o21s: float
    e_o22c: float
    e_o22s: float
    tau_th: float
    k_g: float
    omega_n: float
    zeta: float
    K_m: float
    K_t: float
    K_b: float
    A_H: float
    K_H: float
    beta: float
    R: float
    k_lam: float
    D_0: float
    nu: float
    m_0: float
    a_n: float
    s_n: float
    s_w: float
    eps_s: float
    sigma_g: float
    alpha_y: float
    alpha_z: float
    K_p: float
    K_i: float
    K_mon: float
    K_mt: float
    h_set: float


class Width(NamedTuple):
    """What is fixed per lane: coordinate eta in (-1, 1), crown [m]; the bending shape is 1 - eta^2."""

    eta: Array
    crown: Array


class State(NamedTuple):
    """State that an engine changes in place; `x` holds the scalars in the order of SCALARS."""

    x: Array
    m: Array
    n: Array
    z: Array
    delayed: Array
    record: Array


SCALARS = ("phi_1", "phi_2", "th", "x_d", "v_d", "x_o", "v_o", "F", "F_t", "u_I", "u_d", "u_o", "h_r", "t_c", "y")

RUN_OUT = {(1, 1): (1.0e-6, 0.0), (1, 2): (0.3e-6, 0.4), (2, 1): (0.8e-6, 1.1), (2, 2): (0.25e-6, 2.0)}
"""(roll, harmonic) -> amplitude [m], phase [rad]."""

PSI_O = 0.15
"""Extra phase of the operator side, rad."""


class Functions(NamedTuple):
    """Elementary functions under which a law text is read: those of NumPy, JAX or CasADi."""

    log: Callable[..., Any]
    sqrt: Callable[..., Any]
    atan: Callable[..., Any]
    maximum: Callable[..., Any]
    minimum: Callable[..., Any]


NUMPY = Functions(np.log, np.sqrt, np.arctan, np.maximum, np.minimum)


def parameters(case: Case) -> Parameters:
    """Parameters of a case; the noise is rescaled when lanes move less often than every ms."""
    dt, a_1 = 1e-3, math.exp(-1e-3 / 0.5)
    run_out = [
        a * f(psi + extra)
        for extra in (0.0, PSI_O)
        for a, psi in RUN_OUT.values()
        for f in (math.cos, lambda angle: -math.sin(angle))
    ]
    a_n = a_1**case.every
    rest = dict(
        tau_th=1800.0, k_g=5e-6, omega_n=2.0 * math.pi * 20.0, zeta=0.7, K_m=3e9, K_t=1.5e9, K_b=10e9,
        A_H=0.6, K_H=5e-9, beta=3.0, R=0.250, k_lam=0.5, D_0=0.69, nu=20.0, m_0=69.4e-6,
        a_n=a_n, s_n=0.02 * math.sqrt(1.0 - a_n * a_n), s_w=0.01 / math.sqrt(case.every), eps_s=EPS_S,
        sigma_g=0.2e-6, alpha_y=0.2, alpha_z=0.1, K_p=1.0, K_i=20.0, K_mon=0.05, K_mt=0.05, h_set=H_SET,
    )  # fmt: skip
    return Parameters(dt, 1.0, float(case.lanes), float(case.law == "integral"), 1.0 / 0.250, 1.0 / 0.2501, *run_out, **rest)


def peak_form(h: Any, m: Any, p: Parameters, f: Functions) -> tuple[Any, Any]:
    """Heckel peak pressure times half the contact arc: line load q [N/m] and dq/dh [N/m2] in the gap h [m]."""
    D = f.minimum(f.maximum(m / h, 0.3), 0.97)
    P = f.maximum((-f.log(1.0 - D) - p.A_H) / p.K_H, 0.0)
    c = f.sqrt(p.R * f.maximum(p.beta * m - h, 1e-9))
    return 0.5 * P * c, -0.5 * D * c / (h * (1.0 - D) * p.K_H) - 0.25 * P * p.R / c


def integral_form(h: Any, m: Any, p: Parameters, f: Functions) -> tuple[Any, Any]:
    """Closed form of the Heckel nip integral up to the entry: line load q [N/m] and dq/dh [N/m2] in the gap h [m]."""
    D = f.minimum(f.maximum(m / h, 0.3), 0.97)
    loose = 1.0 - math.exp(-p.A_H)
    c = f.sqrt(1.0 - D)
    U2 = f.minimum(p.beta * m / h, D / loose) - 1.0
    U = f.sqrt(U2)
    a, a_c = f.atan(U), f.atan(U / c)
    bracket = U * f.log((1.0 + U2) / (c * c + U2)) + 2.0 * a - 2.0 * c * a_c - p.A_H * U
    at_entry = f.maximum((-f.log(1.0 - D / (1.0 + U2)) - p.A_H) / p.K_H, 0.0)
    q = f.sqrt(p.R * h) / p.K_H * bracket
    return q, -f.sqrt(p.R / h) * ((a_c / c - a) / p.K_H + at_entry / (2.0 * U))


def nip_law(case: Case) -> Callable[[Any, Any, Parameters, Functions], tuple[Any, Any]]:
    """The law of a case, as readable text."""
    return integral_form if case.law == "integral" else peak_form


def width(case: Case) -> Width:
    """Lane coordinates and the crown that cancels bending at the nominal load."""
    L = case.lanes
    eta = 2.0 * (np.arange(L) + 0.5) / L - 1.0
    return Width(eta, nominal_force(case) / parameters(case).K_b * (1.0 - eta * eta))


def nominal_force(case: Case) -> float:
    """Roll force at the gap reference and the nominal feed, N."""
    p = parameters(case)
    q, _ = nip_law(case)(H_REF, p.m_0, p, NUMPY)
    return float(p.width * q)


def start(case: Case) -> State:
    """State before the first step."""
    p, F_0, L = parameters(case), nominal_force(case), case.lanes
    x_0 = H_REF - F_0 / p.K_m
    values = dict.fromkeys(SCALARS, 0.0)
    values |= {"x_d": x_0, "x_o": x_0, "u_I": x_0, "u_d": x_0, "u_o": x_0, "F": F_0, "h_r": H_REF, "y": H_SET}
    x = np.array([values[name] for name in SCALARS])
    state = State(x, np.full(L, p.m_0), np.zeros(L), np.full(L, H_SET), np.full(DELAY, H_SET), np.zeros((RECORDS, 4)))
    return state


def lane_under_gauge(k: int, lanes: int) -> int:
    """Lane that the gauge measures at step k (zig-zag over the width)."""
    p = k % (2 * TRAVERSE)
    if p >= TRAVERSE:
        p = 2 * TRAVERSE - 1 - p
    return p * lanes // TRAVERSE


@dataclass(frozen=True)
class Noise:
    """Standard normal numbers for lanes (rows, lanes) and gauge (rows,)."""

    lanes: Array
    gauge: Array


def no_noise(case: Case) -> Noise:
    """Noise that is zero."""
    return Noise(np.zeros((NOISE_ROWS, case.lanes)), np.zeros(NOISE_ROWS))


def published_noise(case: Case) -> Noise:
    """Noise of the check value with noise: NumPy's generator with seed 1, lanes first, then gauge."""
    rng = np.random.default_rng(1)
    lanes = rng.standard_normal((NOISE_ROWS, case.lanes))
    return Noise(lanes, rng.standard_normal(NOISE_ROWS))


def seeded_noise(case: Case, seed: int) -> Noise:
    """Noise of the timed runs: the package's counter-based generator."""
    from dryline.kernel import fill_normals, key_of

    lanes, gauge = np.empty((NOISE_ROWS, case.lanes)), np.empty((NOISE_ROWS, 1))
    fill_normals(key_of(seed, "benchmark/lanes"), 0, lanes)
    fill_normals(key_of(seed, "benchmark/gauge"), 0, gauge)
    return Noise(lanes, gauge[:, 0].copy())
