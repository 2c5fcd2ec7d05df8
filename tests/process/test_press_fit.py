"""Laws fitted to made-up press data whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.process.compaction import virgin
from dryline.process.press_fit import fit, heckel_density, recovery
from dryline.process.thinning import pressure

PRESSURES = np.concatenate((np.geomspace(0.3, 15, 12), np.arange(20, 301, 10))) * 1e6
NOISE = 5e-4


def noisy(D, seed=3):
    return D + NOISE * np.random.default_rng(seed).standard_normal(D.size)


def within(figure, value, sigmas=4.0):
    return 0.0 < figure.error < 0.1 * abs(value) and abs(figure.value - value) < sigmas * figure.error


def test_the_curve_turned_round_is_the_virgin_curve():
    v = virgin(300e6, 4e9, 0.55, 12.0)
    for D in (0.3, 0.45, v.D_J, 0.6, 0.75):
        assert heckel_density(np.array([pressure(D, v)]), 300e6, 0.55, 12.0)[0] == pytest.approx(D, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_heckel_figures_come_back_within_their_errors(seed):
    found = fit("heckel", PRESSURES, noisy(heckel_density(PRESSURES, 300e6, 0.55, 10.5), seed), exponent=12.0)
    assert within(found.figures["P_y"], 300e6) and within(found.figures["eps_A"], 0.55)
    assert within(found.figures["compressibility"], 10.5)
    assert found.residual == pytest.approx(NOISE, rel=0.4)
    assert found.pressure == (PRESSURES[0], PRESSURES[-1])


def test_without_loose_rows_the_exponent_is_the_given_one():
    p = PRESSURES[PRESSURES > 60e6]
    found = fit("heckel", p, noisy(heckel_density(p, 300e6, 0.55, 10.5)), exponent=12.0)
    assert found.figures["compressibility"] == (12.0, 0.0)
    assert within(found.figures["P_y"], 300e6)


@pytest.mark.parametrize("loose", [0.22, None])
def test_kawakita_figures_come_back(loose):
    D = 0.22 / (1 - 0.7 * PRESSURES / (20e6 + PRESSURES))
    found = fit("kawakita", PRESSURES, noisy(D), loose=loose)
    assert within(found.figures["a"], 0.7) and within(found.figures["b_inverse"], 20e6)
    assert found.figures["loose"].value == pytest.approx(0.22, abs=0.002)


def test_power_figures_come_back():
    found = fit("power", PRESSURES, noisy(0.70 * (PRESSURES / 260e6) ** (1 / 9)))
    D_ref = found.figures["reference_density"].value
    assert within(found.figures["exponent"], 9.0)
    assert within(found.figures["reference_pressure"], 260e6 * (D_ref / 0.70) ** 9)


def test_a_table_rises_and_follows_the_data():
    D = heckel_density(PRESSURES, 300e6, 0.55, 12.0)
    found = fit("table", PRESSURES, noisy(D))
    density, p = (np.array(column) for column in found.rows)
    assert (np.diff(density) > 0).all() and (np.diff(p) > 0).all()
    assert heckel_density(p, 300e6, 0.55, 12.0) == pytest.approx(density, abs=2e-3)
    assert found.residual < 3 * NOISE


def test_a_law_that_does_not_fit_has_a_large_residual():
    D = heckel_density(PRESSURES, 300e6, 0.55, 12.0)
    assert fit("power", PRESSURES, D).residual > 30 * fit("heckel", PRESSURES, D).residual


def test_unloading_gives_the_recovery_modulus():
    p = np.linspace(250e6, 5e6, 15)
    found = recovery(p, noisy(0.72 * (1 + p / 4e9)))
    assert within(found.E_el, 4e9)
    with pytest.raises(ValueError, match="fall"):
        recovery(p, 0.72 - p / 1e10)
