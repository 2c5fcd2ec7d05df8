"""Bump tests on the twin: what control is told of its line is found, and so is what it is not told."""

from __future__ import annotations

import pytest

import dryline
from dryline.control.modes import ModeError
from dryline.studies.bump_test import bump_test

LONGER = tuple(
    f"stations.{name}.distance={metres} m"
    for side in "ab"
    for name, metres in ((f"thinning_nip_{side}1", 1.2), (f"thinning_nip_{side}2", 1.2), (f"gauge_{side}", 0.96))
)
SOFTER = tuple(f"stations.thinning_nip_{side}2.housing_stiffness=12.6e9 N/m" for side in "ab")


def load(name, *settings, lanes=20):
    loaded = dryline.load(name, settings=[f"web.lanes={lanes}", *settings])
    return loaded, dryline.set_up(loaded)


def figures(result):
    return {one.name: one for one in result.figures}


def path_alone(result, loop_lag):
    """Way of the web from actuator to gauge [m], sampling and lag taken off, over the configured one."""
    whole = figures(result)["delay and lag"]
    return (whole.found.value - loop_lag) / (whole.configured - loop_lag)


@pytest.fixture(scope="module")
def line():
    return load("lfp-cathode")


@pytest.mark.parametrize("quality", ["full_stack", "pi_monitor"])
def test_areal_mass_agrees_with_its_model(quality):
    result = bump_test(*load("lfp-cathode", f"control.quality={quality}"), "areal mass A")
    found = figures(result)
    assert found["gain"].agrees and found["delay and lag"].agrees and not result.cut
    assert found["gain"].found.error < 0.05 * found["gain"].configured
    assert 0.0 < result.size < 0.05 * 0.3


@pytest.mark.parametrize(("name", "nip"), [("graphite-anode", "lamination"), ("sulfide-separator", "thinning_nip_a3")])
def test_thickness_and_tilt_show_the_way_on_other_lines(name, nip):
    own = load(name)
    for loop, low, high in ((f"{nip} thickness", 0.9, 1.4), (f"{nip} tilt", 0.2, 0.8)):
        found = figures(bump_test(*own, loop))
        assert low < found["gain"].ratio < high, "the model of the tilt leaves the spring-back out"
        assert found["gain"].found.error < 0.2 * abs(found["gain"].configured), loop
        assert found["delay and lag"].ratio == pytest.approx(1.0, abs=0.35), loop


def test_a_segment_is_seen_by_its_own_pixels():
    found = figures(bump_test(*load("lfp-cathode", lanes=200), "profile A"))
    assert found["gain"].ratio == pytest.approx(1.0, abs=0.25)
    assert found["delay and lag"].agrees


def test_a_path_that_is_longer_than_described_is_found(line):
    result = bump_test(*line, "areal mass A", plant=load("lfp-cathode", *LONGER))
    found = figures(result)
    assert not found["delay and lag"].agrees and found["gain"].agrees
    assert path_alone(result, 0.4) == pytest.approx(1.2, abs=0.04)


def test_a_housing_that_is_softer_than_described_is_found(line):
    plant = load("lfp-cathode", *SOFTER)

    def stiffness(own):
        point = next(nip for nip in own[1].nips if nip.name == "thinning_nip_a2")
        return point.force / (point.loaded_gap - point.chock_gap)

    found = [
        figures(bump_test(*line, "thinning_nip_a2 thickness", size=8e-6, plant=one))["housing"] for one in (line, plant)
    ]
    true = stiffness(plant) / stiffness(line)
    assert true < 0.82, "rolls and housing stand in series"
    assert found[0].ratio == pytest.approx(0.85, abs=0.15)
    assert found[1].found.value / found[0].found.value == pytest.approx(true, abs=0.06)
    assert not found[1].agrees


def test_what_cannot_be_bumped_is_refused(line):
    for name, words in (("areal mass C", "did you mean"), ("lamination bending", "there is no bump test for it"),
                        ("areal mass by scanner", "there is no bump test for it")):  # fmt: skip
        with pytest.raises(ModeError, match=words):
            bump_test(*line, name)
    with pytest.raises(ModeError, match="does not fit"):
        bump_test(*line, "areal mass A", size=1.0, time=10.0)
