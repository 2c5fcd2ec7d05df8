import re
from html.parser import HTMLParser

import numpy as np
import pytest
import synthetic
from typer.testing import CliRunner

from dryline.line.load import load_line, names
from dryline.records.order import Place
from dryline.records.report.chart import Series, chart, thinned, tick_words, ticks
from dryline.records.report.heatmap import MISSING, binned, bins, indices, palette, png
from dryline.records.report.words import duration, number, signed, table
from dryline.records.run_folder import open_run
from dryline.records.summary import build_summary

VOID = {"meta", "img", "br", "line", "circle", "rect", "path", "polyline", "polygon"}


class Page(HTMLParser):
    """Collects tags and attributes, and checks that every tag is closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(finished):
    parsed = Page()
    parsed.feed((finished[0] / "report.html").read_text(encoding="utf-8"))
    return parsed


def test_tags_nest(page):
    assert page.open == []


def test_the_page_loads_nothing_from_elsewhere(page, finished):
    text = (finished[0] / "report.html").read_text(encoding="utf-8")
    for tag, attributes in page.seen:
        for name in ("src", "href", "srcset", "data", "action", "xlink:href", "poster"):
            value = attributes.get(name)
            assert value is None or value.startswith(("data:image/png;base64,", "#")), (tag, name, value)
    assert not any(tag in ("link", "iframe", "object", "embed", "base") for tag, _ in page.seen)
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttpRequest|import\(", text)


def test_every_section_is_there_and_linked(page):
    sections = [attributes["id"] for tag, attributes in page.seen if tag == "section"]
    links = [attributes["href"] for tag, attributes in page.seen if tag == "a"]
    wanted = ["result", "line", "oee", "quality", "map", "trends", "nips", "mass", "energy", "capacity", "setup"]
    assert sections == [*wanted, "events", "inputs"]
    assert links == [f"#{section}" for section in sections]


def test_sections_of_what_a_run_has_come_with_it(tmp_path):
    recorder, _ = synthetic.record(tmp_path / "run", 130.0, lanes=20, given=True, daughters=((-0.4, 0.0), (0.0, 0.4)))
    recorder.close()
    parsed = Page()
    parsed.feed((tmp_path / "run" / "report.html").read_text(encoding="utf-8"))
    sections = [attributes["id"] for tag, attributes in parsed.seen if tag == "section"]
    assert sections[4:9] == ["map", "daughters", "film", "defects", "recycle"]
    assert parsed.open == []
    text = " ".join(parsed.text)
    for words in ("Peel strength along the web [N/m]", "share of returned material it stands for", "Pinholes so far", "1-2"):
        assert words in text
    assert "Hydrogen sulfide" not in text and "nan" not in text


KINDS = ("total", "group", "loss", "gain")


def test_the_tree_of_losses_is_drawn_to_scale(page, finished):
    bars = [attributes for tag, attributes in page.seen if tag == "rect" and attributes.get("class") in KINDS]
    part = finished[1]["oee"]
    assert [bar["class"] for bar in bars] == ["total", "group", "loss", "total", "total", "group", "loss", "total"]
    assert float(bars[-1]["width"]) == pytest.approx(1000.0 * part["oee"], abs=0.06)
    for bar in bars[1:3]:  # what is lost ends where calendar time ends
        assert float(bar["x"]) + float(bar["width"]) == pytest.approx(1000.0, abs=0.11)


def test_pictures_and_tables_have_words(page):
    charts = [attributes for tag, attributes in page.seen if tag == "svg" and attributes.get("role") == "img"]
    assert len(charts) > 20
    assert all(attributes["aria-label"] for attributes in charts)
    assert all("alt" in attributes for tag, attributes in page.seen if tag == "img")
    count = [tag for tag, _ in page.seen].count
    assert count("table") == count("caption") > 8


def test_every_station_is_in_the_picture_with_its_figures(page):
    text = " ".join(page.text)
    for place in synthetic.STATIONS:
        assert place.name.replace("_", " ") in text
    for words in ("gap 217.0", "629\u00a0N/mm", "15.0\u00a0kW", "level 6"):
        assert words in text


def test_names_are_escaped():
    made = table("a < b", ("<script>",), [("x & y",)])
    assert "<script>" not in made
    assert "a &lt; b" in made and "x &amp; y" in made


def test_numbers():
    assert number(1234.5, 1, "kg") == "1\u202f234.5\u00a0kg"
    assert number(-0.001, 2) == "0.00"
    assert number(None) == number(float("nan")) == "–"
    assert signed(0.5, 1) == "+0.5"
    assert signed(0.001, 2) == "0.00"
    assert signed(-0.5, 1) == "\u22120.5"
    assert (duration(5.0), duration(65.0), duration(7260.0)) == ("5.0 s", "1 min 5 s", "2 h 1 min")


def test_ticks_are_round_and_inside():
    assert ticks(0.0, 600.0, 6) == pytest.approx([0, 100, 200, 300, 400, 500, 600])
    assert ticks(-2.3, 2.3, 4) == pytest.approx([-2, 0, 2])
    assert tick_words([0.0, 0.25, 0.5]) == ["0.00", "0.25", "0.50"]
    assert tick_words([0.0, 2.5, 5.0]) == ["0.0", "2.5", "5.0"]


def test_a_spike_survives_thinning():
    x = np.arange(10_000.0)
    y = np.zeros(10_000)
    y[4321] = 7.0
    thin_x, thin_y = thinned(x, y)
    assert thin_x.size <= 800
    assert thin_y.max() == 7.0
    assert np.all(np.diff(thin_x) > 0.0)


def test_charts_of_constants_gaps_and_nothing():
    x = np.arange(5.0)
    assert "polyline" in chart("constant", "x", [Series("one", x, np.full(5, 3.0))])
    assert "polyline" in chart("zero", "x", [Series("one", x, np.zeros(5))])
    assert "nan" not in chart("gap", "x", [Series("one", x, np.array([1.0, np.nan, 2.0, 3.0, 4.0]))])
    assert "No record" in chart("nothing", "x", [Series("one", x, np.full(5, np.nan))])


def test_colours_diverge_around_the_target():
    colours = palette().astype(int)
    light = colours.sum(axis=1)
    assert light[127] == max(light)
    assert np.all(np.diff(light[1:128]) >= 0) and np.all(np.diff(light[127:254]) <= 0)
    assert colours[1, 2] > colours[1, 0] and colours[253, 0] > colours[253, 2]
    assert light[0] < light[1] and light[254] < light[253]
    assert len({tuple(colour) for colour in colours[:255].tolist()}) == 255


def test_palette_index_of_a_deviation():
    found = indices(np.array([[-1.5, -1.0, 0.0, 1.0, 1.5, np.nan]]))
    assert found.tolist() == [[0, 1, 127, 253, 254, MISSING]]


def test_the_map_keeps_distances_when_it_averages():
    assert bins(5).tolist() == [0, 1, 2, 3, 4]
    field = np.arange(1000.0)[:, None]
    mean = binned(field, 300)[:, 0]
    np.testing.assert_allclose(mean, np.arange(300) * 1000 / 300 + 1.2, atol=1.5)


def test_png_reads_back():
    from PIL import Image

    index = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    import io

    image = Image.open(io.BytesIO(png(index, palette())))
    assert image.size == (4, 3)
    np.testing.assert_array_equal(np.asarray(image.convert("RGB")), palette()[index])


def test_the_command_rebuilds_summary_and_page_of_an_interrupted_run(tmp_path):
    import typer

    from dryline.commands.report import report

    app = typer.Typer()
    app.command()(report)
    synthetic.record(tmp_path / "run", 75.0, lanes=20)
    done = CliRunner().invoke(app, [str(tmp_path / "run")])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("running: ")
    assert "Not closed" in (tmp_path / "run" / "report.html").read_text()
    done = CliRunner().invoke(app, [str(tmp_path / "run"), "--json"])
    assert '"schema": "dryline-summary/4"' in done.output
    assert open_run(tmp_path / "run").status == "running"
    done = CliRunner().invoke(app, [str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    assert "does not exist" in done.output


def drawn_of(stations, figures=None):
    from dryline.records.report.line_picture import line_picture

    parsed = Page()
    parsed.feed(line_picture(stations, figures or {}))
    assert parsed.open == []
    return parsed.seen


def test_a_line_with_one_side_and_no_truth_still_gives_a_page():
    one_sided = [place for place in synthetic.STATIONS if place.side != "B"]
    seen = drawn_of([*one_sided, Place("oven", "unheard_of", "")])
    assert [tag for tag, _ in seen].count("svg") == 2
    assert "nan" not in str(seen)
    assert not [1 for _, attributes in seen if attributes.get("class") == "flow back"]


@pytest.mark.parametrize("name", names("lines"))
def test_every_station_of_a_shipped_line_has_a_drawing_and_its_own_place(name):
    from dryline.records.report.glyphs import GLYPHS

    line = load_line(name).line
    places = [Place(s.name, s.kind, str(getattr(s, "side", "") or "")) for s in line.stations]
    assert {place.kind for place in places} <= GLYPHS.keys()
    seen = drawn_of(places)
    spots = [attributes["transform"] for _, attributes in seen if attributes.get("class") == "station"]
    lying, standing = spots[: len(places)], spots[len(places) :]
    assert len(set(lying)) == len(set(standing)) == len(places)


def test_film_goes_back_from_the_knives_to_the_recycle_feeder():
    line = load_line("lfp-cathode").line
    places = [Place(s.name, s.kind, str(getattr(s, "side", "") or "")) for s in line.stations]
    seen = drawn_of(places)
    spots = [attributes["transform"][10:-1].replace(" ", ",") for _, attributes in seen if attributes.get("class") == "station"]
    back = [attributes["points"].split() for _, attributes in seen if attributes.get("class") == "flow back"]
    assert len(back) == 6  # two knives and one way up, lying and standing
    for half, ways in ((spots[: len(places)], back[:3]), (spots[len(places) :], back[3:])):
        at = dict(zip((place.name for place in places), half, strict=True))
        assert [(way[0], way[-1]) for way in ways[:2]] == [(at[f"knives_{side}"], at["granulator"]) for side in "ab"]
        assert (ways[2][0], ways[2][1], ways[2][-1]) == (at["granulator"], at["regrind_silo"], at["feeder_recycle"])


@pytest.fixture(scope="module")
def one_sided(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one-sided") / "run"
    recorder, _ = synthetic.record(folder, 130.0, lanes=20, one_sided=True, substrate="carrier", active_capacity=0.0)
    recorder.close()
    return folder


def test_a_web_coated_on_one_side_has_no_figures_of_the_other(one_sided):
    run = open_run(one_sided)
    summary = build_summary(run)
    assert summary["quality"]["areal_density_b"] is None
    assert summary["quality"]["areal_density"]["mean"] == pytest.approx(0.25, rel=0.01)
    text = (one_sided / "report.html").read_text(encoding="utf-8")
    assert "side B" not in text and "both sides" not in text
    assert "Thickness with carrier, 24 h relaxed" in text and "coating and carrier" in text


def test_a_film_without_energy_has_its_capacity_in_area(one_sided):
    summary = build_summary(open_run(one_sided))
    text = (one_sided / "report.html").read_text(encoding="utf-8")
    assert summary["capacity"]["gwh_per_year"] == 0.0
    assert summary["capacity"]["m2_per_year"] == pytest.approx(0.95 * 7500.0 * 3600.0 * 0.85)
    assert "21.8\u00a0million m²/year" in text
    assert "GWh" not in text


def test_feed_is_the_slope_of_the_hopper_without_its_refills(finished):
    from dryline.records.report.figures import load, station_figures

    figures = station_figures(load(open_run(finished[0]), finished[1]))
    # the made-up hopper loses 1 kg/s; its jumps of a refill are marked
    assert figures["feeder_active"] == ["3\u202f600.0\u00a0kg/h"]
