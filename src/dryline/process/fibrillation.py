"""Fibrillation of PTFE in shearing machines: shear work makes fibrils, then breaks them; most of it becomes heat.

Three species of the PTFE, unfibrillated U, load-bearing fibril F and broken B, with the specific shear work w [J/kg of
mix] as coordinate::

    dU/dw = -k1 U          dF/dw = k1 U - k2 F          B = 1 - U - F
    k1 = k10 f_T(T) max(0, sigma/sigma_1 - 1)^a kappa      k2 = k20 (sigma/sigma_2)^c

The machine is n equal tanks in series (times the machines in parallel) that all receive the same power per mass.
Form: process reference 4.2 (estimate); strength passing through a maximum with shear work: Ariawan et al., Polym. Eng.
Sci. 2002 (abstract). Validity: 15-130 degC, work up to 0.2 kWh/kg; every constant is to be calibrated.
"""

from __future__ import annotations

import math

import numpy as np

from dryline.kernel import exp, law
from dryline.process.mixing import mean_decay

GAS_CONSTANT = 8.314462618
"""CODATA 2018 [J/(mol K)]."""

FIRST_TRANSITION, SECOND_TRANSITION = 19.0, 30.0
"""Crystal transitions of PTFE [degC]: process reference 4.2 (292 K and 303 K)."""

TRANSITION_WIDTH = 2.0
"""Width of both transitions [K]: process reference 4.2."""

BEST_MOLAR_MASS, MOLAR_MASS_WIDTH = 4000.0, 0.67
"""Molar mass of the strongest film [kg/mol] and logarithmic width around it (JPS5925174A)."""

DRYING_RATE, DRYING_TEMPERATURE, DRYING_ENERGY = 1e-4, 353.15, 66.4e3
"""k_m [1/s] at the temperature [K], activation energy [J/mol]: 1e-4 at 80 and 1e-3 at 120 degC, the range of process
reference 2 (estimate for vacuum; the machine is taken as vented)."""

SORPTION, SORPTION_TEMPERATURE, SORPTION_HEAT = 1e-5, 298.15, 44e3
"""Henry constant [kg/kg/Pa] at the temperature [K] and heat of sorption [J/mol]: 130 ppm at 25 degC and a dew point of
-40 degC; the heat is that of evaporation (both assumed)."""


@law
def temperature_function(T: float, b_T: float) -> float:
    """f_T = (s(T; 19, 2) + s(T; 30, 2))/2 exp(b_T (T - 30)), s a logistic step, T [K] taken in degC, b_T [1/K].

    Practically no fibrillation below 19 degC, where the PTFE chains hardly move.
    """
    t = T - 273.15
    first = 1.0 / (1.0 + exp(max(-60.0, min(60.0, (FIRST_TRANSITION - t) / TRANSITION_WIDTH))))
    second = 1.0 / (1.0 + exp(max(-60.0, min(60.0, (SECOND_TRANSITION - t) / TRANSITION_WIDTH))))
    return 0.5 * (first + second) * exp(max(-60.0, min(60.0, b_T * (t - SECOND_TRANSITION))))


def creation_rate(k_10: float, stress: float, threshold: float, exponent: float) -> float:
    """Creation constant k1 per specific work at f_T = 1: k_10 max(0, sigma/sigma_1 - 1)^a, stresses [Pa]."""
    return float(k_10 * max(0.0, stress / threshold - 1.0) ** exponent)


def molecular_weight_factor(mass: float) -> float:
    """Factor kappa_MW on creation by the molecular weight of the PTFE [kg/mol]: exp(-ln(M/M_p)^2 / (2 s^2)), 1 at its best.

    Source: strength peaks at 3 to 5 M g/mol and is about five times larger at 2 M than at 1 M (JPS5925174A, 1 wt% PTFE);
    M_p = 4000 kg/mol and s = 0.67 follow from that. A grade fitted for its own k_10 needs no factor.
    """
    return math.exp(-0.5 * (math.log(mass / BEST_MOLAR_MASS) / MOLAR_MASS_WIDTH) ** 2)


def breakage_rate(k_20: float, stress: float, scale: float, exponent: float) -> float:
    """Breakage constant k2 per specific work: k_20 (sigma/sigma_2)^c, stresses [Pa]."""
    return float(k_20 * (stress / scale) ** exponent)


@law
def fibril_step(U: float, F: float, k_1: float, k_2: float, work: float) -> tuple[float, float]:
    """Unfibrillated and load-bearing PTFE after a specific work: exact for constant k1, k2 (units of 1/work).

    U and F may be fractions or masses. Never negative, and U + F never grows, so B = 1 - U - F stays within [0, 1].
    """
    x_1 = k_1 * work
    x_2 = k_2 * work
    left = U * exp(-min(x_1, 700.0))
    # the slower decay is taken out of the difference of two exponentials
    slow = min(x_1, x_2)
    made = U * x_1 * exp(-min(slow, 700.0)) * mean_decay(abs(x_1 - x_2))
    return left, min(F * exp(-min(x_2, 700.0)) + made, F + (U - left))


@law
def heat_step(T: float, jacket: float, power: float, conductance: float, heat_capacity: float, dt: float) -> float:
    """Temperature [K] after dt of dT/dt = (P - U A (T - T_j))/(m c_p), exact for held power and jacket temperature.

    Parameters: T, jacket [K]; power [W]; conductance U A [W/K], may be 0; heat_capacity m c_p [J/K], > 0; dt [s].
    """
    z = conductance * dt / heat_capacity
    return T + (power + conductance * (jacket - T)) * dt / heat_capacity * mean_decay(z)


@law
def drying_rate(T: float) -> float:
    """Mass-transfer constant k_m(T) [1/s], Arrhenius: 1e-4 at 80 degC, 1e-3 at 120 degC."""
    return DRYING_RATE * exp(min(DRYING_ENERGY / GAS_CONSTANT * (1.0 / DRYING_TEMPERATURE - 1.0 / T), 60.0))


@law
def vapour_pressure(dew_point: float) -> float:
    """Partial pressure of water [Pa] at a dew point [K], over ice: 611.15 exp(22.452 t/(272.55 + t)), Magnus form."""
    t = dew_point - 273.15
    return 611.15 * exp(22.452 * t / (272.55 + t))


@law
def equilibrium_moisture(T: float, pressure: float) -> float:
    """Moisture [kg/kg dry] in equilibrium with a water pressure [Pa]: Henry form, valid below about 1000 ppm."""
    return SORPTION * exp(min(SORPTION_HEAT / GAS_CONSTANT * (1.0 / T - 1.0 / SORPTION_TEMPERATURE), 60.0)) * pressure


@law
def moisture_step(X: float, X_e: float, k_m: float, dt: float) -> float:
    """Moisture after dt [s] of dX/dt = -k_m (X - X_e), exact; dries or takes up water [kg/kg dry]."""
    return X_e + (X - X_e) * exp(-min(k_m * dt, 700.0))


def adiabatic_rise(work: float, c_p: float) -> float:
    """Temperature rise [K] of powder that keeps all its shear work [J/kg]: w/c_p."""
    return work / c_p


def removable_work(flow: float, c_p: float, rise: float, heat_per_machine: float) -> float:
    """Specific work [J/kg] one machine can put into a flow [kg/s] that leaves `rise` [K] hotter: Q/m + c_p rise."""
    return heat_per_machine / flow + c_p * rise


def machines_needed(flow: float, work: float, c_p: float, rise: float, heat_per_machine: float) -> int:
    """Number of machines, ceil(m (w - c_p (T_out - T_in)) / Q), at least one; Q = U A dT_j of one machine [W].

    Source: heat balance of process reference 4.3.
    """
    return max(1, math.ceil(flow * (work - c_p * rise) / heat_per_machine))


@law
def steady_machine(
    out: np.ndarray, residence: float, flow: float, work: float, heat_share: float, inlet: np.ndarray, jacket: float,
    conductance: float, c_p: float, k_1: float, k_2: float, b_T: float, water_pressure: float,
) -> None:  # fmt: skip
    """Steady state of the n tanks of the machine in series, the last being the product.

    Parameters
    ----------
    out : filled, a row a tank (n, 4): temperature [K], U and F [fractions of the PTFE], moisture [kg/kg dry].
    residence : of the whole chain [s].
    flow, work : powder [kg/s], specific shear work [J/kg].
    heat_share : share of the work that heats the powder.
    inlet : the same four numbers of the powder that enters (4,).
    jacket, conductance : temperature of jacket or gas [K], U A of all machines in use and their gas [W/K].
    c_p : [J/kg/K].
    k_1, k_2, b_T : creation (at f_T = 1) and breakage constant [kg/J], thermal activation [1/K].
    water_pressure : partial pressure of water in the machine [Pa].

    Tank by tank m c_p (T - T_in) = heat_share m w/n - U A/n (T - T_j), and a first-order species falls by 1/(1 + k w/n).
    """
    tanks = out.shape[0]
    dw, share = work / tanks, conductance / tanks / (flow * c_p)
    T, U, F, X = inlet[0], inlet[1], inlet[2], inlet[3]
    for i in range(tanks):
        T = (T + heat_share * dw / c_p + share * jacket) / (1.0 + share)
        created = k_1 * temperature_function(T, b_T) * dw
        U /= 1.0 + created
        F = (F + created * U) / (1.0 + k_2 * dw)
        dried = drying_rate(T) * residence / tanks
        X = (X + dried * equilibrium_moisture(T, water_pressure)) / (1.0 + dried)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = T, U, F, X
