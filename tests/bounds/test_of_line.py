"""Bounds of shipped lines: covariance of the twin, table of the powder bed, sides and both, and the worth of information."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from dryline.bounds.case import Case, distances, speed_noise
from dryline.bounds.components import Wandering
from dryline.bounds.of_line import bounds_of
from dryline.bounds.prediction import prediction_bound
from dryline.bounds.result import Means, Split
from dryline.line.disturbances import Disturbances
from dryline.line.load import load_line
from dryline.line.paths import changed
from dryline.setup.operating_point import set_up
from dryline.twin.disturbances import SlowDisturbances, Wander

L_EFF = (0.8, 2.0, 3.0, 4.0, 6.0)


def bound(lfp, means=None, disturbances=None):
    loaded = lfp.loaded
    return bounds_of(loaded.line, loaded.recipe, lfp.setup, disturbances or loaded.disturbances, means)


@pytest.fixture(scope="module")
def default(lfp):
    return bound(lfp)


@pytest.mark.parametrize(
    ("speed", "ratios"), [(60, (0.38, 0.57, 0.67, 0.74, 0.84)), (80, (0.34, 0.51, 0.60, 0.67, 0.77))]
)
def test_table_of_the_powder_bed(speed, ratios):
    """One segment alone, 10 s: sigma over open loop at five effective distances."""
    for L, ratio in zip(L_EFF, ratios, strict=True):
        bed = prediction_bound([Wandering("segment", 0.0025, 10.0 * speed / 60.0)], 0.05, round(L / 0.05), 0.0)
        assert bed.ratio == pytest.approx(ratio, abs=0.0051)


@pytest.mark.parametrize(
    ("sigma", "sides", "row"),
    [
        (0.0025, 1, (0.29, 0.43, 0.50, 0.56, 0.63, 0.75)),
        (0.0025, 2, (0.20, 0.30, 0.36, 0.39, 0.44, 0.53)),
        (0.0070, 1, (0.81, 1.21, 1.41, 1.56, 1.76, 2.10)),
        (0.0070, 2, (0.57, 0.85, 1.00, 1.10, 1.24, 1.49)),
    ],
)
def test_three_sigma_of_the_powder_bed(sigma, sides, row):
    for L, expected in zip(L_EFF, row, strict=False):
        bed = prediction_bound([Wandering("segment", sigma / math.sqrt(sides), 10.0)], 0.05, round(L / 0.05), 0.0)
        assert 300.0 * math.sqrt(bed.variance) == pytest.approx(expected, abs=0.0105)
        assert 300.0 * math.sqrt(bed.open_variance) == pytest.approx(row[-1], abs=0.006)


def test_parts_add_up_and_bounds_stay_below_the_open_loop(default):
    for one in default.coatings:
        for split in (one.bound, one.open_loop):
            parts = (split.md, split.residual, split.cd, split.granules)
            assert split.total**2 == pytest.approx(sum(part**2 for part in parts), rel=1e-12)
        assert one.bound.md <= one.open_loop.md * (1.0 + 1e-9)
        assert one.bound.residual < one.open_loop.residual
        assert one.bound.cd < 0.01 * one.open_loop.cd
        assert one.bound.granules == one.open_loop.granules


def test_both_sides_together_vary_less_by_the_root_of_two_but_for_the_common_lamination(lfp, default):
    a, b, both = default.coatings
    assert (a.side, b.side, both.side) == ("A", "B", "A+B")
    assert default.whole is both
    for part in ("residual", "granules"):
        assert getattr(both.bound, part) == pytest.approx(getattr(a.bound, part) / math.sqrt(2.0), rel=1e-6)
    case = Case(lfp.loaded.line, lfp.loaded.recipe, lfp.setup, lfp.loaded.disturbances, Means())
    one, two = speed_noise(case, 1), speed_noise(case, 2)
    assert both.bound.md**2 - two**2 == pytest.approx(0.5 * (a.bound.md**2 - one**2), rel=1e-6)
    assert b.bound == a.bound


def test_noise_of_the_speeds_is_that_of_drives_with_white_set_points(lfp):
    """Set points white by the tick, linear between, behind the lag of the loop: drawn and filtered in fine steps."""
    case = Case(lfp.loaded.line, lfp.loaded.recipe, lfp.setup, lfp.loaded.disturbances, Means())
    fine, ticks, random = 50, 20000, np.random.default_rng(1)
    lag, white = lfp.loaded.line.nips[-1].drive_lag, lfp.loaded.disturbances.drives.white
    share = 1.0 - math.exp(-0.1 / fine / lag)
    rolls = []
    for _ in range(3):
        drawn = np.interp(np.arange(ticks * fine) / fine, np.arange(ticks + 1), white * random.standard_normal(ticks + 1))
        rolls.append(lfilter([share], [1.0, share - 1.0], drawn))
    a, b, lamination = rolls
    assert speed_noise(case, 1) == pytest.approx(np.std(a - lamination), rel=0.02)
    assert speed_noise(case, 2) == pytest.approx(np.std(0.5 * (a + b) - lamination), rel=0.02)


def test_distances_are_line_metres_and_a_tick(lfp):
    case = Case(lfp.loaded.line, lfp.loaded.recipe, lfp.setup, lfp.loaded.disturbances, Means())
    md, profile = distances(case)
    # two spans of 1 m, 0.8 m to the gauge, on films slower than the line, and 0.1 s at 1 m/s
    assert md == profile
    assert 2.8 + 0.1 < profile < 2.8 * 1.25 + 0.1
    near = distances(Case(case.line, case.recipe, case.setup, case.disturbances, Means(elongation=True)))
    assert near[1] == profile
    assert 0.9 < near[0] < 1.1
    far = distances(Case(case.line, case.recipe, case.setup, case.disturbances, Means("scanner")))
    assert far[0] > 6.0


def test_line_gauge_leaves_of_the_segments_what_the_closed_form_says(default):
    one = default.coatings[0]
    closed = math.sqrt(1.0 - math.exp(-2.0 * one.distance_residual / 10.0))
    assert one.bound.residual / one.open_loop.residual == pytest.approx(closed, rel=0.02)


def test_scale_and_elongation_are_worth_most_of_the_machine_direction(lfp, default):
    scale, elongation = bound(lfp, Means(scale=True)), bound(lfp, Means(elongation=True))
    assert default.whole.bound.md == pytest.approx(0.005 / math.sqrt(2.0), rel=0.01)
    assert scale.whole.bound.md < 0.07 * default.whole.bound.md
    assert 0.5 * default.whole.bound.md < elongation.whole.bound.md < 0.8 * default.whole.bound.md
    for other in (scale, elongation):
        assert other.whole.bound.residual == pytest.approx(default.whole.bound.residual, rel=1e-6)


def test_scanner_alone_sees_the_sum_of_the_sides_late(lfp, default):
    scanner = bound(lfp, Means("scanner"))
    side, both = scanner.coatings[0], scanner.whole
    assert default.whole.bound.residual < both.bound.residual < both.open_loop.residual
    assert side.bound.residual**2 == pytest.approx(both.bound.residual**2 + both.open_loop.residual**2, rel=1e-6)


def test_metre_rows_and_lanes_have_a_floor_of_their_own(lfp, default):
    loaded = lfp.loaded
    rows = bounds_of(loaded.line, loaded.recipe, lfp.setup, loaded.disturbances, footprint=(1.0, 0.005)).whole
    assert rows.open_loop.md == pytest.approx(math.sqrt(0.825) * 0.005 / math.sqrt(2.0), rel=0.01)
    assert rows.bound.md < default.whole.bound.md
    assert 0.8 * default.whole.bound.residual < rows.bound.residual < default.whole.bound.residual
    assert rows.bound.granules < default.whole.bound.granules
    with pytest.raises(ValueError, match="scanner"):
        bounds_of(loaded.line, loaded.recipe, lfp.setup, loaded.disturbances, Means("scanner"), (1.0, 0.005))


def test_a_distribution_without_trims_leaves_profile_and_segments(lfp, default):
    line = changed(lfp.loaded.line, {"stations.metering_*.segment_range": 0.0})
    found = bounds_of(line, lfp.loaded.recipe, lfp.setup, lfp.loaded.disturbances).whole
    assert found.bound.cd == pytest.approx(found.open_loop.cd, rel=1e-9)
    assert found.bound.residual == pytest.approx(found.open_loop.residual, rel=1e-9)
    assert found.bound.md == pytest.approx(default.whole.bound.md, rel=1e-9)


def test_quiet_line_has_no_floor(lfp):
    quiet = bound(lfp, disturbances=Disturbances.none())
    assert quiet.whole.bound == Split(0.0, 0.0, 0.0, 0.0)
    assert quiet.whole.open_loop.total == 0.0


def test_more_disturbance_more_floor(lfp, default):
    d = lfp.loaded.disturbances
    wild = d.model_copy(update={"distribution": d.distribution.model_copy(update={"segment_sigma": 0.007})})
    found = bound(lfp, disturbances=wild)
    assert found.whole.bound.residual == pytest.approx(0.007 / 0.0025 * default.whole.bound.residual, rel=0.05)
    # the kept width has a little of a mean that the film has not
    assert found.whole.bound.md == pytest.approx(default.whole.bound.md, rel=0.002)


def test_one_sided_line():
    loaded = load_line("lfp-one-sided")
    found = bounds_of(loaded.line, loaded.recipe, set_up(loaded.line, loaded.recipe), loaded.disturbances)
    assert [one.side for one in found.coatings] == ["A"]


def test_flooded_nips_are_refused():
    loaded = load_line("lfp-flooded")
    with pytest.raises(ValueError, match="flooded"):
        bounds_of(loaded.line, loaded.recipe, set_up(loaded.line, loaded.recipe), loaded.disturbances)


def test_description_tells_figures_and_the_covariance_they_rest_on(default):
    text = default.describe()
    assert f"{300.0 * default.whole.bound.total:.3f}" in text
    for word in ("metering", "segments", "static profile", "granules", "L_eff", "lamination", "first order, 10 m"):
        assert word in text


def test_covariance_is_that_of_the_twin(lfp, default):
    """Segments and static profile as the twin draws them, on footprints of 20 mm in the kept width."""
    line, d = lfp.loaded.line, lfp.loaded.disturbances
    lanes, width = 200, line.web.film_width
    centres = (np.arange(lanes) + 0.5) * width / lanes
    kept = slice(6, 194)
    variances, statics = [], []
    for seed in range(60):
        state = Wander(np.zeros((0, 4)), np.zeros((1, 2, 40)), np.zeros(2), np.zeros((0, 3)), np.zeros(0), np.zeros(1))
        slow = SlowDisturbances(d, seed, (), ("A",), (), width, centres, state)
        slow.start()
        statics.append(slow.static[0, kept].reshape(-1, 4).mean(axis=1))
        for index in range(1, 400):
            slow.half_second(index)
            if index % 20 == 0:
                places = (slow.spread[0, 0] - slow.static[0])[kept].reshape(-1, 4).mean(axis=1)
                variances.append(((places - places.mean()) ** 2).mean())
    found = default.coatings[0].open_loop
    assert math.sqrt(np.mean(variances)) == pytest.approx(found.residual, rel=0.03)
    profiles = np.array(statics)
    spread = math.sqrt(((profiles - profiles.mean(axis=1, keepdims=True)) ** 2).mean())
    assert spread == pytest.approx(found.cd, rel=0.05)
