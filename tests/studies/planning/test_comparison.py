"""A comparison over samples: seeds, priors, what is counted, what is known, and its page."""

from __future__ import annotations

import re

import numpy as np
import pytest
from studies.planning.compared import compared, planned, question

from dryline.line.load import load_line
from dryline.line.setup import Infeasible
from dryline.studies.planning.answer_tables import rows_table
from dryline.studies.planning.comparison import compare
from dryline.studies.planning.inputs import load_inputs
from dryline.studies.planning.outcomes import Key
from dryline.studies.planning.page import page
from dryline.studies.planning.question import ask, with_known

LOADED = re.compile(
    r"""(?:<(?:script|img|iframe)[^>]*\ssrc|<link[^>]*\shref)=|@import|url\(\s*["']?(?:https?:)?//""", re.IGNORECASE
)


def test_the_same_seed_gives_the_same_table():
    again = compare(question(), samples=60, seed=1)
    assert rows_table(again).csv() == rows_table(compared()).csv()
    assert again.priors["estimates"].refused == compared().priors["estimates"].refused


def test_another_seed_gives_other_samples_and_nearly_the_same_median():
    one, other = compared(samples=300, seed=1), compared(samples=300, seed=2)
    assert one.centre.keys() == other.centre.keys()
    for key, pair in one.centre.items():
        assert float(np.mean(pair.saving)) == float(np.mean(other.centre[key].saving))
        a, b = (found.priors["estimates"].savings[key].band for found in (one, other))
        assert a.p50 != b.p50 and abs(a.p50 - b.p50) < 0.25 * (a.p95 - a.p5) + 0.005


def test_percentiles_rise_and_probabilities_are_shares():
    for one in compared().priors.values():
        for key, found in one.savings.items():
            assert found.band.p5 <= found.band.p50 <= found.band.p95
            assert 0.0 <= found.probability <= 1.0 and (found.about is None) is (key.kind == "energy")
            assert one.curves[key].size == one.used and np.all(np.diff(one.curves[key]) >= 0.0)
            claim = 0.35 if key.kind == "energy" else 0.20
            above = one.curves[key] > claim if key.kind == "energy" else one.curves[key] >= claim
            assert found.probability == pytest.approx(above.mean())


def test_every_sample_calls_the_set_up_model_and_refused_ones_are_left_out():
    wide = compared().priors["estimates"]
    refused = sum(wide.refused.values())
    assert wide.samples == 60 and wide.used + refused == 60 and 0 < refused < 60
    assert 60 + wide.used <= wide.calls <= 120
    sourced = compared().priors["sourced"]
    assert sourced.used == 60 and not sourced.refused and sourced.calls == 2  # nothing sourced moves the set-up


def test_sourced_priors_vary_sourced_inputs_only():
    found = compared(samples=300)
    sourced = {one.name for one in load_inputs() if one.sourced is not None}
    key = Key("both", "energy", "electrode_production", "best_available_2025")
    assert set(found.priors["sourced"].shares[key]) <= sourced
    assert set(found.priors["estimates"].shares[key]) == {one.name for one in question().inputs}
    for own, savings in found.priors["sourced"].savings.items():
        wide = found.priors["estimates"].savings[own].band
        if own.kind == "energy" and own.vintage != "unknown_vintage":
            assert savings.band.p95 - savings.band.p5 < wide.p95 - wide.p5


def test_what_is_known_is_sure_and_moves_every_vintage():
    asked = with_known(ask("lfp-cathode", vintages=["best_available_2025"]), ["fibrillation=0.1 kWh/kg", "exhaust_solvent=0.002"])
    found = compare(asked, samples=50)
    key = Key("both", "energy", "electrode_line", "best_available_2025")
    shares = found.priors["estimates"].shares[key]
    assert {"fibrillation", "exhaust_solvent"}.isdisjoint(shares) and "hall" in shares
    assert float(found.centre[key].wet) > float(compared().centre[key].wet)  # 2000 ppm against 3000 ppm


def test_swings_and_turning_points_are_there_for_every_vintage():
    found = compared()
    assert len(found.swings) == 2 * 4 and len(found.turns) == 7 * 4
    swings = found.swings[Key("both", "energy", "electrode_production", "best_available_2025")]
    assert {one.name for one in swings} == {one.name for one in question().inputs} and swings[0].name == "fibrillation"
    turns = {one.name: one for one in found.turns[Key("both", "cost", "conversion", "best_available_2025")]}
    assert 0.9 < turns["dry_equipment"].value < 1.0 and not turns["dry_equipment"].above


def test_a_line_that_cannot_run_is_no_comparison():
    loaded = load_line("lfp-cathode", None, "none", ["speed=200 m/min"])
    with pytest.raises(Infeasible, match="speed limit"):
        compare(ask(loaded), samples=10)


@pytest.fixture(scope="module")
def text():
    return page([(compared(), planned())])


def test_the_page_stands_alone(text):
    assert LOADED.findall(text) == [] and text.lstrip().lower().startswith("<!doctype html")
    assert text.count("<svg") >= 4
    assert "nan" not in re.sub(r"<[^>]*>", " ", text).lower().split()


@pytest.mark.parametrize(
    "words",
    ["electrode line", "electrode production", "cell factory", "conversion", "without active material", "with active material",
     "open exhaust 2016", "greet 2019", "best available 2025", "boundary unknown", "CNY/kWh", "kWh/kWh", "8760 h", "assumed",
     "solvent emitted", "lines exact", "feeders"],
)  # fmt: skip
def test_the_page_says(text, words):
    assert words in re.sub(r"<[^>]*>", " ", text).replace("\u00a0", " ")
