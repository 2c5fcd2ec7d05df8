"""A process window is many set-ups: feasible where a set-up is, named by the limit that refuses it where not."""

from __future__ import annotations

import dataclasses
import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from dryline.line.load import InputError, load_line
from dryline.line.paths import changed, place
from dryline.line.setup import Infeasible
from dryline.setup.operating_point import set_up
from dryline.studies.page import page
from dryline.studies.tables import left, window_rows
from dryline.studies.window import MISFIT, axis, window
from dryline.studies.window_map import picture, segments


@pytest.fixture(scope="module")
def loaded():
    return load_line("lfp-cathode")


@pytest.fixture(scope="module")
def made(loaded):
    return window(loaded, "speed", "loading", 13)


def test_every_point_is_the_set_up_of_a_line_with_these_figures(loaded, made):
    for row in made.points[::4]:
        for point in row[::4]:
            line = loaded.line.model_copy(update={"speed": point.x})
            recipe = dataclasses.replace(loaded.recipe, loading=point.y)
            try:
                found = set_up(line, recipe)
            except Infeasible as refused:
                assert (point.limit, point.station) == (refused.limit, refused.station)
                assert point.binding == tuple((check.limit, check.station) for check in refused.broken)
                assert not point.feasible and math.isnan(point.line_load)
            else:
                assert point.feasible and point.binding == ()
                assert point.line_load == found.nips[-1].line_load


def test_the_speed_limit_stands_where_the_line_has_it(loaded, made):
    too_fast = made.x.values > loaded.line.limits.line_speed_max * (1 + 1e-9)
    assert too_fast.any() and not made.feasible[:, too_fast].any()
    assert {p.limit for row in made.points for p, fast in zip(row, too_fast, strict=True) if fast} == {"speed"}
    assert made.feasible[:, ~too_fast].any()


def test_capacity_grows_with_speed_times_loading(made):
    gwh, held = made.field("gwh_per_year"), made.feasible
    per = gwh / np.outer(made.y.values, made.x.values)
    assert np.ptp(per[held]) < 1e-9 * per[held].max()
    assert made.now.gwh_per_year == pytest.approx(5.1, abs=0.1)
    assert np.isnan(gwh[~held]).all()


def test_regions_count_every_refused_point(made):
    assert sum(made.regions().values()) == int((~made.feasible).sum())
    assert ("bed thickness", "powder_nip_a") in made.regions()


def test_a_loading_below_the_boundary_gives_too_thin_a_bed(loaded, made):
    """The boundary between two points is where the bed is three granules thick."""
    powder = loaded.recipe.powder
    stretch = math.prod(n.elongation * (1.0 + n.draw) for n in loaded.line.nips[1:3]) * 1.05 * 1.0005
    least = 3.0 * powder.granule_d50 * powder.bulk_density / stretch
    thin = made.y.values < least
    assert thin.any() and not thin.all()
    for row, below in zip(made.points, thin, strict=True):
        assert (row[0].limit == "bed thickness") == below


@pytest.mark.parametrize(
    ("wanted", "unit", "first", "last"),
    [
        ("speed=30:90", "m/min", 0.5, 1.5), ("speed=0.5 m/s:90 m/min", "m/min", 0.5, 1.5),
        ("loading=15:35", "mg/cm²", 0.15, 0.35), ("porosity=25:35", "%", 0.25, 0.35),
        ("roll-temperature=80:120", "°C", 353.15, 393.15), ("film_width=400:1000", "mm", 0.4, 1.0),
        ("work=100:300", "kJ/kg", 1e5, 3e5), ("stations.lamination.roll_diameter=600:900", "mm", 0.6, 0.9),
    ],
)  # fmt: skip
def test_axes_are_given_in_the_unit_in_which_they_are_shown(loaded, wanted, unit, first, last):
    got = axis(loaded, wanted, 5)
    assert got.shown.unit == unit
    assert got.values[[0, -1]] == pytest.approx([first, last])
    assert got.shown.si(got.shown.of(got.now)) == pytest.approx(got.now)


def test_settings_change_what_they_name(loaded):
    line, recipe = axis(loaded, "film_width", 3).put(loaded.line, loaded.recipe, 0.8)
    assert (line.web.film_width, line.web.kept_width) == pytest.approx((0.8, 0.75))
    line, _ = axis(loaded, "roll_temperature", 3).put(loaded.line, loaded.recipe, 380.0)
    assert {nip.roll_temperature for nip in line.nips} == {380.0}
    line, recipe = axis(loaded, "porosity", 3).put(loaded.line, loaded.recipe, 0.33)
    assert recipe.porosity == 0.33 and line is loaded.line
    line, _ = axis(loaded, "stations.thinning_nip_*1.porosity", 3).put(loaded.line, recipe, 0.42)
    assert [nip.porosity for nip in line.nips[:6]] == pytest.approx([0.47, 0.42, 0.35] * 2)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("spead", "loading", "did you mean 'speed'"), ("speed", "speed=30:60", "stands twice"),
        ("speed=30", "loading", "is not a range"), ("speed=90:30", "loading", "must rise"),
        ("speed=fast:90", "loading", "not a quantity"), ("speed=30 kg:90", "loading", "wrong dimension"),
        ("speed=30:1e6", "loading", "must rise and lie within"), ("web.lanes", "loading", "not a number with a unit"),
        ("stations.laminatin.porosity", "loading", "did you mean 'lamination'"),
        ("stations.lamination.preload", "speed", "give a range"),
        ("stations.mixer.porosity", "loading", "not a known value"), ("web", "loading", "not a number"),
        ("a.b.c.d", "loading", "not a path"),
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(loaded, x, y, words):
    with pytest.raises(InputError, match=words):
        window(loaded, x, y, 2)


@pytest.mark.parametrize("points", [1, 0, -3, 301])
def test_wrong_numbers_of_points_are_refused(loaded, points):
    with pytest.raises(InputError, match="out of range"):
        window(loaded, points=points)


def test_a_figure_that_does_not_fit_the_line_is_a_region_of_its_own(loaded):
    made = window(loaded, "film_width=900:1300", "speed=50:60", 5)
    wide = made.points[0][-1]
    assert wide.limit == MISFIT and "face_width" in wide.station
    assert made.points[0][0].feasible
    assert "does not fit the line" in picture(made)


def test_contours_lie_where_a_plane_has_the_level():
    rows, columns = np.mgrid[0:6, 0:9].astype(float)
    plane = 2.0 * columns + 3.0 * rows
    for level in (4.2, 10.0, 21.7):
        ends = [end for piece in segments(plane, level) for end in piece]
        assert ends
        for column, row in ends:
            assert 2.0 * column + 3.0 * row == pytest.approx(level)
    holed = plane.copy()
    holed[2, 3] = np.nan
    assert 0 < len(segments(holed, 12.1)) < len(segments(plane, 12.1))
    assert segments(plane, 1000.0) == []


def test_the_picture_is_an_svg_that_says_what_it_shows(made):
    root = ET.fromstring(picture(made))
    words = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    for word in ("speed [m/min]", "loading [mg/cm²]", "bed thickness", "powder nip a", "GWh/year", "now: feasible"):
        assert word in words, word
    assert f"{int(made.feasible.sum())} of 169 points are feasible" in root.attrib["aria-label"]


def test_where_the_capacity_stays_contours_show_the_line_load(loaded):
    drawn = picture(window(loaded, "porosity=28:34", "roll_temperature=100:120", 5))
    assert "last line load N/mm" in drawn and "GWh/year" not in drawn


def test_a_window_without_a_feasible_point_is_drawn_too(loaded):
    made = window(loaded, "speed=85:95", "loading=20:30", 4)
    assert not made.feasible.any()
    drawn = picture(made)
    assert "capacity" not in drawn and "0\u00a0" not in drawn
    ET.fromstring(drawn)
    assert "Not feasible" not in page(loaded, None, None, None, made)


def test_the_page_holds_every_part(loaded, made):
    from dryline.setup.sensitivities import gains_at

    found = set_up(loaded.line, loaded.recipe)
    text = page(loaded, found, None, gains_at(loaded, found), made)
    for section in ("Process window", "Operating point", "Gains", "Limits"):
        assert f"<h2>{section}</h2>" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "") and "https://" not in text


def test_rows_for_a_table_are_all_points(made):
    lines = window_rows(made).csv().splitlines()
    assert len(lines) == 1 + 169
    assert lines[0].startswith("speed m/min,loading mg/cm²,feasible,limit,station")
    assert sum(",yes," in line for line in lines) == int(made.feasible.sum())


def test_places_know_unit_and_range(loaded):
    found = place(loaded.line, "stations.fibrillator.work")
    assert (found.unit, found.value, found.low, found.high) == ("J/kg", 180e3, 0.0, 3e6)
    with pytest.raises(ValueError, match="wider than the film"):
        changed(loaded.line, {"web.kept_width": 1.1})


def test_what_is_left_of_a_limit(loaded):
    found = set_up(loaded.line, loaded.recipe)
    speed = next(check for check in found.checks if check.limit == "speed")
    heat = next(check for check in found.checks if check.limit == "fibrillator temperature")
    assert left(speed) == pytest.approx(0.25)
    assert left(heat) == pytest.approx((120.0 - (heat.value - 273.15)) / 120.0)
    assert left(dataclasses.replace(speed, value=1.2 * speed.bound, satisfied=False)) == pytest.approx(-0.2)
    assert left(dataclasses.replace(speed, bound=0.0, value=-1.0)) == math.inf
