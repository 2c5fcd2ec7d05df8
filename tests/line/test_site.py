"""Sites, prices and machines: what ships has its sources, wrong files are refused with place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from dryline.line.load import DATA, InputError, names
from dryline.line.machines_file import load_machines
from dryline.line.price_table import SHIPPED, load_prices
from dryline.line.prices import amount_of, factor_between, rate_of
from dryline.line.site import expressed, load_site

SITE = (DATA / "sites" / "china.yaml").read_text(encoding="utf-8")
KWH, HOUR = 3.6e6, 3600.0

WRONG_SITES = {
    # what is wrong: (text, its replacement, key in the message, remedy in the message)
    "no currency": ("price: 0.088 USD/kWh", "price: 0.088", "electricity.price", "e.g. '0.09 USD/kWh'"),
    "no currency but a unit": ("price: 0.088 USD/kWh", "price: 0.088 /kWh", "electricity.price", "has no currency"),
    "no date": ("  date: 2024\n", "", "electricity.date", "date: 2025-11"),
    "no source": ('  source: "assumed: fuel or steam"\n', "", "heat.source", "source: ..."),
    "a price alone": (SITE[SITE.index("electricity:") : SITE.index("heat:")], "electricity: 0.088 USD/kWh\n", "electricity",
                      "no date"),
    "wrong dimension": ("price: 0.088 USD/kWh", "price: 0.088 USD/kg", "electricity.price", "another quantity"),
    "price per hour for one per kWh": ("price: 52 CNY/h", "price: 52 CNY/kWh", "wage.price", "'18 USD/h'"),
    "sum for a price": ("price: 1000 USD/m2", "price: 1000 USD", "building.price", "does not say per what"),
    "coated sides for floor": ("price: 1000 USD/m2", "price: 1000 USD/m2 single-sided", "building.price", "coated sides"),
    "unknown currency": ("price: 52 CNY/h", "price: 52 RMB/h", "wage.price", "known are USD, CNY"),
    "currency nearly right": ("price: 52 CNY/h", "price: 52 CNX/h", "wage.price", "did you mean CNY?"),
    "unknown currency of the site": ("currency: CNY", "currency: GBP", "currency", "'USD'"),
    "unknown unit": ("price: 52 CNY/h", "price: 52 CNY/shft", "wage.price", "unknown unit 'shft'"),
    "unknown key": ("electricity:", "electrcity:", "electrcity", "did you mean 'electricity'?"),
    "unknown key in a price": ("  price: 52 CNY/h", "  prise: 52 CNY/h", "wage.prise", "did you mean 'price'?"),
    "missing price": (SITE[SITE.index("building:") : SITE.index("disposal:")], "", "building", "add it"),
    "negative price": ("price: 0.088 USD/kWh", "price: -0.088 USD/kWh", "electricity.price", "positive amount"),
    "not a number": ("price: 0.088 USD/kWh", "price: cheap USD/kWh", "electricity.price", "number"),
    "NaN": ("price: 0.088 USD/kWh", "price: nan USD/kWh", "electricity.price", "finite"),
    "infinite": ("price: 0.088 USD/kWh", "price: inf USD/kWh", "electricity.price", "finite"),
    "beyond any price": ("price: 0.088 USD/kWh", "price: 1e30 USD/kWh", "electricity.price", "plausible"),
    "too long a price": ("price: 0.088 USD/kWh", f"price: {'9' * 80} USD/kWh", "electricity.price", "too long"),
    "duplicate key": ("currency: CNY", "currency: CNY\ncurrency: USD", "currency", "twice"),
    "exchange rate without date": ("rate: 7.2547 CNY/USD, date: 2024-06,", "rate: 7.2547 CNY/USD,",
                                   "exchange_rates.0.date", "give it"),
    "exchange rate of nothing": ("rate: 7.2547 CNY/USD", "rate: 7.2547", "exchange_rates.0.rate", "'7.25 CNY/USD'"),
    "exchange rate zero": ("rate: 7.2547 CNY/USD", "rate: 0 CNY/USD", "exchange_rates.0.rate", "is not a rate"),
    "two rates of one pair": ("rate: 1.0763 USD/EUR", "rate: 0.14 USD/CNY", "exchange_rates.1", "second rate"),
    "month 13": ("date: 2024\n", "date: 2024-13\n", "electricity.date", "calendar"),
    "date in words": ("date: 2024\n", "date: last year\n", "electricity.date", "2025-11"),
    "date long ago": ("date: 2024\n", "date: 1024\n", "electricity.date", "1990"),
    "price for carbon": ("value: 0.582 kg/kWh", "value: 0.582 USD/kWh", "grid_carbon.value", "'0.55 kg/kWh'"),
    "negative carbon": ("value: 0.582 kg/kWh", "value: -0.582 kg/kWh", "grid_carbon.value", "negative"),
    "carbon without date": ("value: 0.582 kg/kWh, date: 2023,", "value: 0.582 kg/kWh,", "grid_carbon.date", "give it"),
    "interest out of range": ("interest: 8 %", "interest: 800 %", "interest", "range"),
    "life without unit": ("equipment_life: 10 yr", "equipment_life: 10", "equipment_life", "'10 yr'"),
    "hours beyond the year": ("planned_time: 7680 h", "planned_time: 9999 h", "planned_time", "range"),
    "not YAML": ("currency: CNY", "currency: [CNY", "", "YAML"),
    "empty": (SITE, "", "", "empty"),
    "a list": (SITE, "- 1\n", "", "mapping"),
    "too long a file": (SITE, "# " + "x" * 1_100_000, "", "larger than 1 MB"),
    "too long a name": ("name: China", f"name: {'x' * 100}", "name", "60"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(WRONG_SITES))
def test_wrong_sites_are_refused_with_place_and_remedy(case: str, tmp_path: Path) -> None:
    old, new, key, remedy = WRONG_SITES[case]
    assert old in SITE
    path = tmp_path / "site.yaml"
    path.write_text(SITE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_site(path)
    assert raised.value.file == str(path)
    assert key in raised.value.key and remedy in raised.value.problem, str(raised.value)
    if key:
        assert raised.value.line is not None and raised.value.line > 0


def refused(text: str, tmp_path: Path) -> InputError:
    path = tmp_path / "site.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_site(path)
    return raised.value


def test_line_of_the_wrong_price_is_named(tmp_path: Path) -> None:
    error = refused(SITE.replace("price: 52 CNY/h", "price: 52"), tmp_path)
    assert error.line == 1 + SITE[: SITE.index("price: 52 CNY/h")].count("\n")
    assert str(error).startswith(f"{error.file}, line {error.line}, wage.price: ")


def test_missing_exchange_rate_names_the_price_that_needs_it(tmp_path: Path) -> None:
    error = refused(SITE.replace("  - {rate: 7.2547 CNY/USD", "  #"), tmp_path)
    assert error.key == "electricity.price" and "from USD to CNY" in error.problem and "exchange_rates" in error.problem


def test_hall_needs_a_load_or_a_dew_point(tmp_path: Path) -> None:
    error = refused(SITE[: SITE.index("hall_dew_point:")], tmp_path)
    assert "hall_load" in error.key and "hall_dew_point" in error.problem and "give" in error.problem


def test_folder_missing_file_and_unknown_name(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").mkdir()
    for given, remedy in ((tmp_path / "site.yaml", "folder"), (tmp_path / "none.yaml", "does not exist"), ("chna", "'china'")):
        with pytest.raises(InputError, match=remedy):
            load_site(given)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        load_site(tmp_path / "bytes.yaml")


def test_shipped_sites_are_read_with_date_and_source_of_every_figure() -> None:
    assert names("sites") == ["china", "eu", "korea", "us"]
    for name in names("sites"):
        site = load_site(name)
        assert len(site.notes) == 10
        assert all(note.date and note.source and note.text for note in site.notes)
        dollars = expressed(site, "USD")
        assert 0.05 < dollars.electricity * KWH < 0.3 and 0.01 < dollars.heat * KWH < 0.1
        assert 5.0 < dollars.wage * HOUR < 60.0 and 500.0 < dollars.building < 4000.0
        assert 0.1 < site.grid_carbon * KWH < 0.8 and site.equipment_life == pytest.approx(10.0)


def test_there_and_back_between_currencies_is_the_same() -> None:
    site = load_site("korea")
    back = expressed(expressed(site, "EUR"), "KRW")
    assert back.electricity == pytest.approx(site.electricity, rel=1e-12) and back.wage == pytest.approx(site.wage, rel=1e-12)
    assert expressed(site, "CNY").money(1.0, "USD") == pytest.approx(7.2547)


def test_amounts_are_per_si_unit_and_kilowatt_hours_are_not_megajoules() -> None:
    assert amount_of("0.09 USD/kWh", "J", "") == (pytest.approx(0.09 / 3.6e6), "USD")
    assert amount_of("0.025 USD/MJ", "J", "")[0] == pytest.approx(amount_of("0.09 USD/kWh", "J", "")[0])
    assert amount_of("57.1 kCNY/t", "kg", "") == (pytest.approx(57.1), "CNY")
    assert amount_of("0.38 CNY/Wh", "J", "")[0] == pytest.approx(0.38 / 3600.0)
    assert amount_of("37.8 MEUR", "", "") == (pytest.approx(37.8e6), "EUR")
    assert amount_of("10 USD/L", "m**3", "")[0] == pytest.approx(1e4)


def test_rates_lead_through_other_currencies() -> None:
    rates = [rate_of("r", {"rate": text, "date": 2024, "source": "x"}) for text in ("7 CNY/USD", "1.1 USD/EUR")]
    assert factor_between("EUR", "CNY", rates) == pytest.approx(7.7)
    assert factor_between("CNY", "EUR", rates) == pytest.approx(1 / 7.7)
    with pytest.raises(LookupError, match="KRW"):
        factor_between("EUR", "KRW", rates)


HEAD = "item,date,price,source\n"
WRONG_PRICES = {
    "no currency": (HEAD + "lfp,2025,9.5,me\n", 2, "price", "no currency"),
    "no date": (HEAD + "lfp,,9.5 USD/kg,me\n", 2, "date", "2025-11"),
    "no source": (HEAD + "lfp,2025,9.5 USD/kg,\n", 2, "source", "give it"),
    "wrong date": (HEAD + "lfp,2025-00,9.5 USD/kg,me\n", 2, "date", "calendar"),
    "wrong quantity": (HEAD + "lfp,2025,9.5 USD/h,me\n", 2, "price", "mass, area, volume"),
    "single-sided foil": (HEAD + "al foil,2025,0.2 USD/m2 single-sided,me\n", 2, "price", "coated sides"),
    "negative": (HEAD + "lfp,2025,-9.5 USD/kg,me\n", 2, "price", "negative"),
    "no date column": ("item,price,source\nlfp,9.5 USD/kg,me\n", 1, "date", "missing among the columns"),
    "unknown column": ("item,date,prise,source\n", 1, "prise", "'price'"),
    "two of a date": (HEAD + "lfp,2025,9 USD/kg,me\nLFP,2025,8 USD/kg,me\n", 3, "lfp", "two prices"),
    "comma in a source": (HEAD + "lfp,2025,9 USD/kg,me, you\n", 2, "", "quote"),
    "areal mass of nothing": ("item,date,price,source,areal_mass\nal foil,2025,4 USD/kg,me,0.04\n", 2, "areal_mass", "unit"),
    "empty": ("", None, "", "empty"),
}


@pytest.mark.parametrize("case", sorted(WRONG_PRICES))
def test_wrong_price_files_are_refused_with_place_and_remedy(case: str, tmp_path: Path) -> None:
    text, line, key, remedy = WRONG_PRICES[case]
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_prices(path)
    error = raised.value
    assert (error.file, error.line, error.key) == (str(path), line, key) and remedy in error.problem, str(error)


def test_own_prices_go_before_the_shipped_and_dates_can_be_held() -> None:
    site = load_site("china")
    assert load_prices().row("LFP").date == "2026-05-15"
    assert load_prices(until="2025-11").row("lfp").amount == 35.6
    assert load_prices().price("lfp", "kg", site) == pytest.approx(57.1)
    foil = load_prices().price("Al foil", "m2", site)
    assert foil == pytest.approx(4.2 * 7.2547 * 0.0405)


def test_own_price_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + "Al foil,2026-01,0.25 USD/m2,quotation\n", encoding="utf-8")
    prices, site = load_prices(path), load_site("us")
    assert prices.price("aluminium_foil", "m2", site) == 0.25 and prices.row("nmp").file == str(SHIPPED)
    with pytest.raises(InputError, match="sold per m2, but used per kg"):
        prices.price("aluminium_foil", "kg", site)
    with pytest.raises(InputError, match="did you mean 'lfp'"):
        prices.price("lfpp", "kg", site)
    with pytest.raises(InputError, match="sold per kg, but used per m3"):
        prices.price("lfp", "m3", site)


MACHINES = """name: mine
machines:
  - {name: mixer, process: wet, step: mixing, price: 1.1 MEUR, date: 2023, source: quotation, rate: 300 kg/h}
"""
WRONG_MACHINES = {
    "no date": ("date: 2023, ", "", "machines.0.date", "date: 2025-11"),
    "no currency": ("1.1 MEUR", "1.1e6", "machines.0.price", "e.g."),
    "price per kilogram": ("1.1 MEUR", "1.1 EUR/kg", "machines.0.price", "not a sum"),
    "rate of the wrong kind": ("rate: 300 kg/h", "rate: 300 kg", "machines.0.rate", "dimension"),
    "neither rate nor speed": (", rate: 300 kg/h", "", "machines.0.rate", "speed and a width"),
    "speed without width": ("rate: 300 kg/h", "speed: 60 m/min", "machines.0.rate", "speed and a width"),
    "unknown process": ("process: wet", "process: damp", "machines.0.process", "'dry'"),
    "three sides": ("rate: 300 kg/h", "speed: 60 m/min, width: 1 m, sides: 3", "machines.0.sides", "2"),
    "no machines": (MACHINES[MACHINES.index("\n  -") :], " []\n", "machines", "1 item"),
    "unknown key": ("rate:", "rtae:", "machines.0.rtae", "'rate'"),
}


@pytest.mark.parametrize("case", sorted(WRONG_MACHINES))
def test_wrong_machine_files_are_refused_with_place_and_remedy(case: str, tmp_path: Path) -> None:
    old, new, key, remedy = WRONG_MACHINES[case]
    assert old in MACHINES
    path = tmp_path / "machines.yaml"
    path.write_text(MACHINES.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_machines(path)
    assert raised.value.key == key and remedy in raised.value.problem and raised.value.line, str(raised.value)


def test_two_machines_for_one_step_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "machines.yaml"
    path.write_text(MACHINES + MACHINES.splitlines()[-1] + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="second machine for 'mixing'"):
        load_machines(path)


def test_shipped_machines_have_prices_with_date_and_source() -> None:
    machines = load_machines()
    assert {m.process for m in machines} == {"dry", "wet"}
    assert all(m.price.date and m.price.source and m.price.currency == "USD" for m in machines)
    assert sum(m.side_rate is not None for m in machines) > 3


def test_files_of_the_how_to_page_are_read(tmp_path: Path) -> None:
    page = (DATA.parents[2] / "docs" / "how-to" / "own-site-and-prices.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in page.split("```yaml\n")[1:]]
    (tmp_path / "site.yaml").write_text(blocks[0], encoding="utf-8")
    (tmp_path / "machines.yaml").write_text(blocks[1], encoding="utf-8")
    (tmp_path / "prices.csv").write_text(page.split("```text\n")[1].split("```")[0], encoding="utf-8")
    site, prices = load_site(tmp_path / "site.yaml"), load_prices(tmp_path / "prices.csv")
    assert site.heat * 1e9 == pytest.approx(11.2) and site.maintenance == 0.03
    assert prices.price("nmp", "kg", site) == pytest.approx(1.45)
    assert prices.price("lfp", "kg", site) == pytest.approx(57.1 / 7.2 / 1.08)
    assert prices.price("Al foil", "m2", site) == pytest.approx(3.6 * 0.0324)
    assert [machine.step for machine in load_machines(tmp_path / "machines.yaml")][-1] == "film forming"


def test_foil_sold_by_mass_costs_by_the_thickness_of_the_line_unless_a_row_of_ones_own_says_otherwise(tmp_path):
    china = load_site("china")
    thick, thin = (load_prices().with_areal_masses({"aluminium_foil": mass}) for mass in (0.0405, 0.0324))
    ratio = thin.price("aluminium_foil", "m2", china) / thick.price("aluminium_foil", "m2", china)
    assert ratio == pytest.approx(0.8) and thin.areal_mass("al foil") == 0.0324
    own = tmp_path / "prices.csv"
    own.write_text("item,date,price,source,areal_mass\naluminium_foil,2026-02,3 USD/kg,me,0.05 kg/m2\n", encoding="utf-8")
    assert load_prices(own).with_areal_masses({"aluminium_foil": 0.0324}).areal_mass("aluminium_foil") == 0.05
    own.write_text("item,date,price,source\naluminium_foil,2026-02,3 USD/kg,me\n", encoding="utf-8")
    assert load_prices(own).with_areal_masses({"aluminium_foil": 0.0324}).areal_mass("aluminium_foil") == 0.0324
