"""Energy of a record: an integral, once, by carrier and state, and what good electrode is charged with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import synthetic

from dryline.records.energy import PARTS, energy, energy_columns
from dryline.records.run_folder import open_run
from dryline.records.summary import build_summary

CARRIERS = {"mixer/power": "electricity", "fibrillator/power": "compressed_air", "winder/power": "heat"}


def with_carriers(monkeypatch, carriers, access="truth"):
    """Synthetic records whose tags of these paths say a carrier."""
    made = synthetic.Tag

    def tag(path, unit, *args, **values):
        found = made(path, unit, *args, **values)
        return replace(found, carrier=carriers.get(path, "")) if found.access == access else found

    monkeypatch.setattr(synthetic, "Tag", tag)


@pytest.fixture
def by_carrier(tmp_path, monkeypatch):
    with_carriers(monkeypatch, CARRIERS)
    recorder, _ = synthetic.record(tmp_path / "run", 130.0, lanes=20)
    return open_run(tmp_path / "run"), recorder.close()["energy"]


def test_the_integral_of_a_constant_power(by_carrier):
    run, summary = by_carrier
    used = energy(run)
    assert {column.name.removeprefix("truth/") for column in energy_columns(run)} == set(CARRIERS)
    assert used.by_station["mixer"] == pytest.approx(15.0 * 130.0 / 3600.0, rel=1e-6)
    assert summary["by_station"] == used.by_station


def test_carriers_stations_states_and_parts_all_add_up(by_carrier):
    _, summary = by_carrier
    assert set(summary["by_carrier"]) <= {"electricity", "compressed_air", "heat"} and len(summary["by_carrier"]) >= 2
    for part in ("by_carrier", "by_station", "by_state", "charged"):
        assert sum(summary[part].values()) == pytest.approx(summary["kWh"], rel=1e-12), part
    assert sum(use["kwh"] for use in summary["uses"]) == pytest.approx(summary["kWh"], rel=1e-12)
    assert set(summary["charged"]) == set(PARTS)


def test_good_electrode_pays_for_the_start_and_for_scrap(by_carrier):
    """130 m were wound in 130 s, 100 m of them in production, 97 m good."""
    run, summary = by_carrier
    charged = summary["charged"]
    used = energy(run)
    assert charged["good"] + charged["scrap"] == pytest.approx(used.by_state["Execute"], rel=0.05)
    assert charged["scrap"] == pytest.approx(0.03 * (charged["good"] + charged["scrap"]), rel=1e-6)
    assert charged["start_stop"] > 0.0 == charged["heat_up"]
    assert summary["kWh_per_m2"] == pytest.approx(summary["kWh"] / (97.0 * summary_width(run)), rel=1e-9)
    alone = summary["production"]["kWh_per_m2"]
    assert alone == pytest.approx((charged["good"] + charged["scrap"]) / (100.0 * summary_width(run)), rel=1e-9)
    assert alone < summary["kWh_per_m2"]
    cell = build_summary(run)["capacity"]["assumptions"]["kwh_per_m2"]
    assert summary["kWh_per_kWh"] == pytest.approx(summary["kWh_per_m2"] / cell, rel=1e-12)


def summary_width(run):
    return run.manifest["order"]["kept_width"]


def test_a_record_that_names_no_carriers_counts_what_it_has(finished):
    used = energy(open_run(finished[0]))
    assert set(used.by_carrier) == {"electricity"}
    assert used.by_station["mixer"] == pytest.approx(15.0 * 130.0 / 3600.0, rel=1e-6)


def test_without_true_powers_the_measured_ones_count(tmp_path, monkeypatch):
    """A record of a real line has a meter of its fibrillator, say, and no truth."""
    with_carriers(monkeypatch, {"fibrillator/power": "electricity"}, access="read")
    recorder, _ = synthetic.record(tmp_path / "run", 20.0, lanes=20)
    recorder.close()
    run = open_run(tmp_path / "run")
    assert [column.name for column in energy_columns(run)] == ["reading/fibrillator/power"]
    assert set(energy(run).by_station) == {"fibrillator"}


def test_standing_still_is_charged_as_what_it_is(by_carrier):
    run, _ = by_carrier
    ticks = energy(run).by_state
    used = energy(run, np.zeros(len(run_time(run)), bool))
    assert used.in_production == 0.0
    assert sum((used.outside or {}).values()) == pytest.approx(sum(ticks.values()), rel=1e-12)


def run_time(run):
    from dryline.records import signals

    return signals.read(run, ["time"])["time"]
