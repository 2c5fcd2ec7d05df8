"""The BatPaC 5 plant of 50 GWh: its totals, what follows from its rates, its exponents, its rules for overheads."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from dryline.studies.planning import batpac
from dryline.studies.planning.yields import needed

KWH, HOUR = 3.6e6, 3600.0


def rows():
    with (batpac.DATA / "batpac5_steps.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_batpac_totals_at_base_rates_are_those_of_the_table():
    steps = batpac.plant(batpac.base_rates())
    assert len(steps) == 26
    for row in rows():
        step = steps[row["step"]]
        assert step.labour == pytest.approx(float(row["labour_h_per_yr"]) * HOUR, rel=1e-12)
        assert step.equipment == pytest.approx(float(row["capex_MUSD"]) * 1e6, rel=1e-12)
        assert step.floor == pytest.approx(float(row["area_m2"]), rel=1e-12, abs=1e-12)
    total = batpac.total(steps)
    assert total.labour == pytest.approx(3_649_000.0 * HOUR, rel=1e-12)
    assert total.equipment == pytest.approx(4206.6e6, rel=1e-12)
    assert total.floor == pytest.approx(303_700.0, rel=1e-12)


def test_batpac_scales_with_its_exponents():
    twice, base = batpac.plant(batpac.scaled_rates(2.0)), batpac.plant(batpac.base_rates())
    for row in rows():
        grown, held = twice[row["step"]], base[row["step"]]
        assert grown.equipment / held.equipment == pytest.approx(2.0 ** float(row["p_capex"]), rel=1e-12)
        if held.labour:
            assert grown.labour / held.labour == pytest.approx(2.0 ** float(row["p_labour"]), rel=1e-12)
        if held.floor:
            assert grown.floor / held.floor == pytest.approx(2.0 ** float(row["p_area"]), rel=1e-12)
    assert 1.85 < batpac.total(twice).equipment / batpac.total(base).equipment < 2.0**0.95


def test_batpac_extra_rules_of_coater_stacking_and_formation():
    base = batpac.base_rates()
    held = batpac.plant(base)
    more = batpac.plant(base.__class__(**{**vars(base), "nmp": 2.0 * base.nmp, "water": 3.0 * base.water}))
    assert more["coating_drying_cathode"].equipment / held["coating_drying_cathode"].equipment == pytest.approx(2.0**0.2)
    assert more["coating_drying_anode"].equipment / held["coating_drying_anode"].equipment == pytest.approx(3.0**0.2)
    assert more["solvent_recovery"].equipment / held["solvent_recovery"].equipment == pytest.approx(2.0**0.95)
    sizes = np.array([34.0, 68.0, 79.9, 100.0]) * HOUR
    cells = batpac.plant(base.__class__(**{**vars(base), "cell_capacity": sizes}))
    assert cells["cell_stacking"].equipment / held["cell_stacking"].equipment == pytest.approx((sizes / HOUR / 68.0) ** 0.95)
    formation = cells["formation"].equipment / held["formation"].equipment
    assert formation == pytest.approx((sizes / HOUR / 68.0) ** 0.3 * np.array([1.0, 1.0, 1.0, 1.1]))
    assert cells["formation"].labour == held["formation"].labour


def test_batpac_rates_give_the_derived_figures():
    base, p = batpac.base_rates(), batpac.parameters()
    assert base.energy / base.positive_area / HOUR == pytest.approx(165.0, abs=0.5)  # Wh on a square metre of one side
    assert base.negative_area / base.positive_area == pytest.approx(1.04, abs=0.001)
    assert base.positive_active / base.positive_area == pytest.approx(0.239, abs=0.001)
    assert base.nmp / base.positive_area == pytest.approx(p["nmp_per_m2"], rel=0.01)
    assert base.nmp / (base.energy / KWH) == pytest.approx(0.726, abs=0.001)
    assert base.water / base.negative_active == pytest.approx(0.49, abs=0.005)
    assert p["operating_days"] * p["shifts_per_day"] * 8.0 == 7680.0


def test_batpac_yields_give_those_of_material_before_the_cell():
    p = batpac.parameters()
    chain = ("yield_mixing", "yield_coating_slurry", "yield_slitting_slurry", "yield_electrode_stacking")
    assert 1.0 / needed([p[name] for name in chain])[0] == pytest.approx(0.922, abs=0.001)
    foil = ("yield_foil_coating", "yield_foil_slitting", "yield_electrode_stacking")
    assert 1.0 / needed([p[name] for name in foil])[0] == pytest.approx(0.902, abs=0.001)


def test_batpac_rules_for_overheads_depreciation_and_working_capital():
    steps = {"one": batpac.PlantStep(1000.0 * HOUR, 10e6, 500.0)}
    cost = batpac.batpac_cost(steps, wage=20.0 / HOUR, building=3000.0, materials=4e6)
    assert cost.labour == pytest.approx(20e3)
    assert cost.depreciation == pytest.approx(10e6 / 10 + 1.5e6 / 20)
    assert cost.variable_overhead == pytest.approx(0.4 * 20e3 + 0.2 * 1.075e6)
    assert cost.general == pytest.approx(0.25 * 20e3 + 0.25 * 1.075e6)
    assert cost.research == pytest.approx(0.4 * 1.075e6)
    assert cost.launch == pytest.approx(0.1 * 20e3 + 0.05 * 4e6)
    assert cost.working_capital == pytest.approx(0.15 * (4e6 + 20e3 + cost.variable_overhead))
    assert cost.profit == pytest.approx(0.05 * (11.5e6 + cost.launch + cost.working_capital))


def test_published_marginal_cost_is_full_cost_less_depreciation_and_overheads():
    """Lechner et al. 2024, Commun. Eng. 3:155, fig. 4 (second-hand): the definition of marginal that cost.py takes."""
    for full, marginal, depreciation, overhead in ((95.53, 87.73, 6.2, 2.0), (99.54, 87.56, 9.1, 2.9)):
        assert full * (1.0 - (depreciation + overhead) / 100.0) == pytest.approx(marginal, abs=0.1)
