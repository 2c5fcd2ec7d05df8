"""Wet references as files: shipped ones with sources, a user's own, and wrong ones with a clear message."""

from __future__ import annotations

import pytest

from dryline.line.load import DATA, InputError, names
from dryline.line.wet import Described, WetVintage, load_vintage

BASE = (DATA / "wet" / "greet_2019.yaml").read_text()
WRONG = {
    "unknown key": ("heat_recovery: 0,", "heat_recovry: 0,", "heat_recovry", "'heat_recovery'"),
    "explosive": ("678 ppm", "7000 ppm", "exhaust_fraction", "6500 ppm"),
    "missing unit": ("1000 Pa, exhaust", "1000, exhaust", "circulation_pressure", "unit"),
    "wrong dimension": ("temperature: 30 degC,", "temperature: 30 kg,", "temperature", "dimension"),
    "out of range": ("heat_recovery: 0,", "heat_recovery: 2,", "heat_recovery", "range"),
    "not 100 %": ("{active: 96 %, carbon: 1.5 %, binder: 2.5 %, binder_name: pvdf, solids: 68 %}",
                  "{active: 96 %, carbon: 2.5 %, binder: 2.5 %, binder_name: pvdf, solids: 68 %}", "active", "101 %"),
    "no anode": ("anode:", "anod:", "anode", "missing"),
    "infinite": ("678 ppm", ".inf", "exhaust_fraction", "exhaust_fraction"),
    "twice": ("name: greet_2019", "name: greet_2019\nname: other", "name", "twice"),
}  # fmt: skip


def test_three_vintages_are_shipped():
    assert names("wet") == ["best_available_2025", "greet_2019", "open_exhaust_2016"]
    for name in names("wet"):
        vintage = load_vintage(name)
        assert vintage.name == name and vintage.description
        for chemistry in ("LFP", "LMFP", "NMC622", "NMC811"):
            assert 0.5 < vintage.slurry("cathode", chemistry).solids < 0.8
        for chemistry in ("graphite", "SiOx-graphite"):
            assert 0.45 < vintage.slurry("anode", chemistry).solids < 0.6


def quantities(model: type[Described]):
    for name, field in model.model_fields.items():
        if isinstance(field.json_schema_extra, dict) and "x-unit" in field.json_schema_extra:
            yield f"{model.__name__}.{name}", field
        kind = field.annotation
        for part in (kind, *getattr(kind, "__args__", ())):
            if isinstance(part, type) and issubclass(part, Described):
                yield from quantities(part)


def test_every_figure_has_unit_range_and_source():
    found = dict(quantities(WetVintage))
    assert len(found) > 60
    for name, field in found.items():
        extra = field.json_schema_extra
        tag = extra["x-source"].split(",")[0].split(";")[0]
        assert tag in ("P", "D", "T", "E") or extra["x-source"] == "given in the file", name
        assert len(field.metadata) == 2, name


@pytest.mark.parametrize("name", names("wet"))
def test_every_source_of_a_file_names_a_key_of_it(name):
    vintage = load_vintage(name)
    text = (DATA / "wet" / f"{name}.yaml").read_text().split("sources:")[0]
    for key, source in vintage.sources.items():
        assert f"{key}:" in text and source


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(BASE.replace("greet_2019", "mine").replace("678 ppm", "0.2 %"))
    mine = load_vintage(path)
    assert mine.name == "mine" and mine.cathode.dryer.exhaust_fraction == pytest.approx(2000e-6)


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused_with_place_and_remedy(case, tmp_path):
    old, new, key, said = WRONG[case]
    assert old in BASE
    path = tmp_path / "wrong.yaml"
    path.write_text(BASE.replace(old, new, 1))
    with pytest.raises(InputError) as error:
        load_vintage(path)
    assert error.value.file == str(path) and error.value.line
    assert key in error.value.key and said in str(error.value)


def test_an_unknown_name_is_told_the_nearest():
    with pytest.raises(InputError, match=r"no wet reference of this name.*'greet_2019'"):
        load_vintage("greet_2020")
