"""What a run folder keeps of the bounds of its line."""

from __future__ import annotations

import json

import pytest

from dryline.bounds.of_line import bounds_of
from dryline.bounds.result import Means
from dryline.line.load import load_line
from dryline.setup.operating_point import set_up
from dryline.studies.footprint_bounds import SETS, footprint_bounds


def of(name, **more):
    loaded = load_line(name, **more)
    setup = set_up(loaded.line, loaded.recipe)
    return footprint_bounds(loaded.line, loaded.recipe, setup, loaded.disturbances), loaded, setup


def test_figures_are_those_of_the_bounds():
    found, loaded, setup = of("lfp-cathode")
    assert found["reason"] == "" and [one["name"] for one in found["sets"]] == list(SETS)
    bounds = bounds_of(loaded.line, loaded.recipe, setup, loaded.disturbances, Means())
    for name, coating in zip(("areal_density_a", "areal_density_b", "areal_density"), bounds.coatings, strict=True):
        own = found["sets"][0]["coatings"][name]
        assert own["sigma_total_pct"] == pytest.approx(100.0 * coating.bound.total, rel=1e-5)
        assert own["open_loop"]["sigma_total_pct"] == pytest.approx(100.0 * coating.open_loop.total, rel=1e-5)
        parts = [own[f"sigma_{part}_pct"] ** 2 for part in ("md", "cd", "residual")]
        assert sum(parts) == pytest.approx(own["sigma_total_pct"] ** 2, rel=1e-5)
        # granules are in the residual, but for what the mean over the width has of them
        assert own["sigma_md_pct"] ** 2 == pytest.approx(
            1e4 * (coating.bound.md**2 + coating.bound.granules**2 * 0.02 / 0.95), rel=1e-5
        )


def test_more_means_never_do_worse():
    for name in ("lfp-cathode", "pilot-300mm", "lfp-one-sided"):
        line, more = (one["coatings"] for one in of(name)[0]["sets"])
        assert set(line) == {"areal_density", "areal_density_a", *(["areal_density_b"] if "one" not in name else [])}
        for figure, own in line.items():
            assert more[figure]["sigma_total_pct"] <= own["sigma_total_pct"] <= own["open_loop"]["sigma_total_pct"] + 1e-9


def test_larger_patches_have_lower_bounds():
    settings = ["web.patch_length=100 mm", "web.patch_width=50 mm"]
    large, small = of("lfp-cathode", settings=settings)[0], of("lfp-cathode")[0]
    assert (large["length_m"], large["width_m"]) == (0.1, 0.05)
    whole = [one["sets"][0]["coatings"]["areal_density"]["sigma_residual_pct"] for one in (large, small)]
    assert whole[0] < 0.95 * whole[1]


def test_a_flooded_line_has_none_and_says_why():
    found = of("lfp-flooded")[0]
    assert found["sets"] == [] and "flooded" in found["reason"]


@pytest.mark.parametrize("name", ["sulfide-separator", "lfp-cathode"])
def test_a_line_without_disturbances_has_bounds_or_a_reason(name):
    found = of(name, disturbances="none")[0]
    json.dumps(found, allow_nan=False)
    assert bool(found["sets"]) != bool(found["reason"])
