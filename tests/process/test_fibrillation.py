"""Fibrillation: shape of the three-species law, temperature, published tables of heat and machines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from dryline.process.fibrillation import (
    adiabatic_rise,
    breakage_rate,
    creation_rate,
    drying_rate,
    equilibrium_moisture,
    fibril_step,
    heat_step,
    machines_needed,
    moisture_step,
    removable_work,
    steady_machine,
    temperature_function,
    vapour_pressure,
)

KWH = 3.6e6


def celsius(t: float) -> float:
    return t + 273.15


def test_shape_peaks_at_eleven_minutes_and_falls_by_a_quarter() -> None:
    """Process reference 4.2: k1 = 0.25, k2 = 0.02 1/min peak at 11 min and have lost about 25 % of it by 30 min."""
    times = np.linspace(0.0, 30.0, 3001)
    fibril = np.array([fibril_step(1.0, 0.0, 0.25, 0.02, t)[1] for t in times])
    assert times[fibril.argmax()] == pytest.approx(11.0, abs=0.05)
    assert times[fibril.argmax()] == pytest.approx(math.log(0.25 / 0.02) / (0.25 - 0.02), abs=0.01)
    assert 1.0 - fibril[-1] / fibril.max() == pytest.approx(0.25, abs=0.03)


rates = st.floats(0.0, 5.0)
shares = st.floats(0.0, 1.0)


@settings(max_examples=200, deadline=None)
@given(rates, rates, st.floats(0.0, 1e4), shares, shares)
def test_fractions_stay_fractions(k_1: float, k_2: float, work: float, a: float, b: float) -> None:
    U, F = a, (1.0 - a) * b
    after_U, after_F = fibril_step(U, F, k_1, k_2, work)
    assert 0.0 <= after_U <= U
    assert after_F >= 0.0
    assert after_U + after_F <= (U + F) * (1.0 + 4e-16)


@pytest.mark.parametrize(("k_1", "k_2"), [(0.3, 0.3), (0.3, 0.3 + 1e-9), (0.02, 0.5), (0.5, 0.02), (0.4, 0.0), (0.0, 0.4)])
def test_step_solves_the_equations_also_for_equal_rates(k_1: float, k_2: float) -> None:
    solved = solve_ivp(
        lambda _, y: [-k_1 * y[0], k_1 * y[0] - k_2 * y[1]], (0.0, 5.0), [0.7, 0.2], method="DOP853", rtol=1e-12, atol=1e-14
    )
    assert fibril_step(0.7, 0.2, k_1, k_2, 5.0) == pytest.approx(tuple(solved.y[:, -1]), rel=1e-10)


def test_steps_add_up() -> None:
    U, F = 1.0, 0.0
    for _ in range(50):
        U, F = fibril_step(U, F, 0.25, 0.02, 0.4)
    assert (U, F) == pytest.approx(fibril_step(1.0, 0.0, 0.25, 0.02, 20.0), rel=1e-12)


def test_practically_no_fibrillation_below_the_first_transition() -> None:
    """PTFE is stored and conveyed at 5-15 degC; the machines run well above 30 degC."""
    hot = temperature_function(celsius(80.0), 0.005)
    assert temperature_function(celsius(5.0), 0.005) < 0.001 * hot
    assert temperature_function(celsius(10.0), 0.005) < 0.01 * hot
    assert temperature_function(celsius(15.0), 0.005) < 0.05 * hot
    assert temperature_function(celsius(60.0), 0.0) == pytest.approx(1.0, abs=1e-6)
    assert temperature_function(celsius(24.5), 0.0) == pytest.approx(0.5, abs=1e-12)
    warming = [temperature_function(celsius(t), 0.005) for t in range(-20, 200)]
    assert np.all(np.diff(warming) > 0.0)


def test_stress_below_the_threshold_makes_no_fibrils() -> None:
    assert creation_rate(2e-5, 0.9e5, 1e5, 1.5) == 0.0
    assert creation_rate(2e-5, 3e5, 1e5, 1.5) == pytest.approx(2e-5 * 2.0**1.5)
    assert breakage_rate(1e-6, 3e5, 1e5, 2.0) == pytest.approx(9e-6)


def test_adiabatic_rise_of_the_published_table() -> None:
    """Process reference 4.3: at 800 J/(kg K), 0.03 / 0.05 / 0.10 / 0.20 kWh/kg are 135 / 225 / 450 / 900 K."""
    for work, rise in ((0.03, 135.0), (0.05, 225.0), (0.10, 450.0), (0.20, 900.0)):
        assert adiabatic_rise(work * KWH, 800.0) == pytest.approx(rise)


def test_machines_of_the_published_table() -> None:
    """Process reference 4.3: 40 kW a machine, product from 20 to 100 degC."""
    for flow, removable, machines in ((0.75, 0.071, (1, 2, 4)), (1.5, 0.045, (2, 4, 7))):
        kg_per_second = flow / 3.6
        assert removable_work(kg_per_second, 800.0, 80.0, 40e3) / KWH == pytest.approx(removable, abs=6e-4)
        counted = tuple(machines_needed(kg_per_second, w * KWH, 800.0, 80.0, 40e3) for w in (0.05, 0.10, 0.20))
        assert counted == machines
    assert machines_needed(0.2, 0.0, 800.0, 80.0, 40e3) == 1


def test_heat_step_is_exact_and_covers_no_cooling() -> None:
    assert heat_step(293.15, 300.0, 1000.0, 0.0, 8000.0, 2.0) == pytest.approx(293.15 + 0.25, rel=1e-14)
    T = 293.15
    for _ in range(40):
        T = heat_step(T, 300.0, 1000.0, 50.0, 8000.0, 0.5)
    assert heat_step(293.15, 300.0, 1000.0, 50.0, 8000.0, 20.0) == pytest.approx(T, rel=1e-13)
    assert heat_step(293.15, 300.0, 1000.0, 50.0, 8000.0, 1e6) == pytest.approx(300.0 + 1000.0 / 50.0, rel=1e-12)
    assert heat_step(293.15, 300.0, 0.0, 50.0, 1e-6, 0.1) == pytest.approx(300.0, rel=1e-12)


def test_vapour_pressure_of_the_published_table() -> None:
    """Process reference 2: ppmv at 101.325 kPa."""
    for dew_point, ppm, digits in ((-30, 375, 0.5), (-40, 127, 0.5), (-50, 38.9, 0.05), (-60, 10.7, 0.05), (-70, 2.6, 0.05)):
        assert vapour_pressure(celsius(dew_point)) / 101325.0 * 1e6 == pytest.approx(ppm, abs=digits)


def test_drying_rate_spans_the_published_range() -> None:
    assert drying_rate(celsius(80.0)) == pytest.approx(1e-4, rel=1e-9)
    assert drying_rate(celsius(120.0)) == pytest.approx(1e-3, rel=0.01)


def test_moisture_goes_to_its_equilibrium_from_both_sides() -> None:
    balance = equilibrium_moisture(celsius(25.0), vapour_pressure(celsius(-40.0)))
    assert balance == pytest.approx(130e-6, rel=0.02)
    for start in (5e-4, 0.0):
        assert moisture_step(start, balance, 1e-3, 1e7) == pytest.approx(balance)
        middle = moisture_step(start, balance, 1e-3, 500.0)
        assert min(start, balance) < middle < max(start, balance)
        assert moisture_step(middle, balance, 1e-3, 500.0) == pytest.approx(moisture_step(start, balance, 1e-3, 1000.0))


def test_steady_machine_balances_heat_species_and_water() -> None:
    n, residence, flow, work, jacket, cooling, c_p = 4, 40.0, 0.45, 1.8e5, 303.15, 900.0, 800.0
    k_1, k_2, b_T, pressure = 1.2e-5, 1e-6, 0.005, 13.0
    out = np.empty((n, 4))
    inlet = np.array([295.15, 1.0, 0.0, 5e-4])
    steady_machine(out, residence, flow, work, 1.0, inlet, jacket, cooling, c_p, k_1, k_2, b_T, pressure)
    before = np.vstack([inlet, out[:-1]])
    mean = out[:, 0].mean()
    assert flow * work == pytest.approx(flow * c_p * (out[-1, 0] - inlet[0]) + cooling * (mean - jacket), rel=1e-12)
    created = np.array([k_1 * temperature_function(T, b_T) for T in out[:, 0]]) * work / n * out[:, 1]
    np.testing.assert_allclose(before[:, 1] - out[:, 1], created, rtol=1e-12)
    np.testing.assert_allclose(out[:, 2] - before[:, 2], created - k_2 * work / n * out[:, 2], rtol=1e-9)
    lost = [drying_rate(T) * residence / n * (X - equilibrium_moisture(T, pressure)) for T, X in out[:, [0, 3]]]
    np.testing.assert_allclose(before[:, 3] - out[:, 3], lost, rtol=1e-9)
