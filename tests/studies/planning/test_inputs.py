"""The table of uncertain inputs: what it holds, what a user may change, what is refused, and how it is sampled."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from studies.planning.compared import question

from dryline.line.load import InputError
from dryline.studies.planning.inputs import COLUMNS, TAGS, central, chosen, drawn, load_inputs
from dryline.studies.planning.question import with_known

TEXT = files("dryline").joinpath("data/planning/inputs.csv").read_text(encoding="utf-8").splitlines()
HALL = next(row for row in TEXT if row.startswith("hall,"))


def written(tmp_path, *rows, head=TEXT[0]):
    path = tmp_path / "inputs.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_every_range_has_a_source_and_only_sourced_ones_a_published_range():
    inputs = load_inputs()
    assert TEXT[0].split(",") == list(COLUMNS)
    for one in inputs:
        assert one.source and one.tag in TAGS and one.about and one.low < one.high
        assert (one.sourced is None) == (one.tag == "E")
        if one.sourced is None:
            assert "assumed" in one.source or "claim" in one.source, one.name
    assert sum(one.sourced is not None for one in inputs) >= 7


def test_each_chemistry_has_its_own_rows_once():
    for chemistry, solids in (("LFP", (0.55, 0.68)), ("LMFP", (0.55, 0.68)), ("NMC811", (0.65, 0.76))):
        found = chosen(load_inputs(), chemistry)
        assert len({one.name for one in found}) == len(found)
        assert next((one.low, one.high) for one in found if one.name == "solids_cathode") == solids


def test_units_are_read_into_si():
    by_name = {one.name: one for one in load_inputs()}
    assert (by_name["fibrillation"].low, by_name["fibrillation"].high) == pytest.approx((0.05 * 3.6e6, 0.8 * 3.6e6))
    assert (by_name["dust"].low, by_name["mixing"].low, by_name["hall"].high) == pytest.approx((20e3, 0.08, 600.0))


def test_rows_of_a_file_replace_those_of_their_name(tmp_path):
    path = written(tmp_path, "hall,our hall,value,W/m**2,300,250,350,250,350,,P,measured in 2026")
    found = {one.name: one for one in load_inputs(path)}
    assert found["hall"].range("sourced") == (250.0, 350.0) and found["hall"].central == 300.0
    assert found["dust"].range("sourced") is None and len(found) == len({one.name for one in load_inputs()})


@pytest.mark.parametrize(
    ("row", "words"),
    [(HALL.replace("hall,", "hal,", 1), r"line 2, hal: is no input.*'hall'"),
     (HALL.replace("W/m**2", "kg"), "unit: 'kg' is none of"),
     (HALL.replace(",E,", ",X,"), "tag: 'X' is none of"),
     (HALL.replace(",value,", ",share,"), "kind: 'share'"),
     (HALL.replace("80,600", "600,80"), "low: and high must be given and rise"),
     (HALL.replace("80,600", "80,"), "low: and high must be given and rise"),
     (HALL.replace("80,600", "few,600"), "low: "),
     (HALL.replace("80,600,,", "80,600,100,"), "sourced_low: and sourced_high"),
     (HALL.replace("80,600,,", "80,600,100,200"), "an estimate, but a sourced range"),
     (HALL.replace(",,80", ",900,80"), "central: lies outside 80 to 600"),
     (HALL.rpartition('"the')[0], "source: is empty"),
     ("oee,running,value,1,0.9,0.8,1.2,,,,E,assumed", "high: of oee is 1.2; it cannot exceed 1"),
     ("exhaust_solvent,lean,value,1,,700e-6,9000e-6,,,,E,assumed", "cannot exceed 0.0065")],
)  # fmt: skip
def test_wrong_rows_are_named_with_line_and_column(tmp_path, row, words):
    with pytest.raises(InputError, match=words) as refused:
        load_inputs(written(tmp_path, row))
    assert "inputs.csv" in str(refused.value) and "line 2" in str(refused.value)


def test_a_missing_column_or_file_is_named(tmp_path):
    with pytest.raises(InputError, match="sourced_low: is missing; the columns are name, about"):
        load_inputs(written(tmp_path, HALL, head=TEXT[0].replace("sourced_low", "sourcedlow")))
    with pytest.raises(InputError, match="cannot be read"):
        load_inputs(tmp_path / "nothing.csv")


def test_a_latin_hypercube_has_one_value_a_slice_and_its_seed_decides():
    inputs = chosen(load_inputs(), "LFP")
    one, again, other = (drawn(inputs, "estimates", 50, seed) for seed in (3, 3, 4))
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert not any(np.array_equal(one[name], other[name]) for name in one)
    for item in inputs:
        slices = np.floor((one[item.name] - item.low) / (item.high - item.low) * 50).astype(int)
        assert sorted(slices.tolist()) == list(range(50)), item.name


def test_sourced_priors_move_sourced_inputs_only():
    inputs = chosen(load_inputs(), "NMC811")
    assert set(drawn(inputs, "sourced", 20, 1)) == {one.name for one in inputs if one.sourced is not None}
    assert set(drawn(inputs, "estimates", 20, 1)) == {one.name for one in inputs}
    assert drawn(inputs, "estimates", 0, 1) == {}


def test_central_values_are_those_of_the_table():
    values = central(load_inputs())
    assert values["oee"] == 0.895 and values["speed"] == 1.0 and "hall" not in values


def test_a_central_value_can_be_asked_for():
    found = with_known(question(), ["hall=300 W/m**2", "fibrillation = 0.2 kWh/kg", "mixing=0.1 kWh/kWh", "oee=0.8"])
    assert found.known == pytest.approx({"hall": 300.0, "fibrillation": 0.72e6, "mixing": 0.1, "oee": 0.8})
    assert found.working.oee == 0.8


@pytest.mark.parametrize(
    ("text", "words"),
    [("hal=300 W/m**2", "did you mean 'hall'"), ("hall", "is no name=value"), ("hall=300", "has no unit"),
     ("hall=300 kg", "wrong dimension"), ("dust=-5 kW", "above zero"), ("oee=1.1", "cannot exceed 1"),
     ("oee=0.999", "more than the planned time"), ("solids_anode=1.2", "cannot exceed 1")],
)  # fmt: skip
def test_wrong_central_values_are_refused(text, words):
    with pytest.raises(InputError, match=words) as refused:
        with_known(question(), [text])
    assert str(refused.value).startswith("--input")
