"""Sensitivities of known functions: swings, shares of variance, turning points."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.studies.planning.inputs import Input, drawn
from dryline.studies.planning.outcomes import Key
from dryline.studies.planning.sensitivity import tornado, turning_points, variance_shares

KEY = Key("both", "energy", "electrode_line", "greet_2019")
OTHER = Key("both", "cost", "conversion", "greet_2019")


def given(name, low=0.0, high=1.0, central=0.5, sourced=None):
    return Input(name, f"about {name}", "value", "1", central, low, high, sourced, "", "P" if sourced else "E", "assumed")


INPUTS = (given("a"), given("b"), given("c", sourced=(0.4, 0.6)))


def linear(values):
    """A saving of which a makes 9/14 of the variance, b 4/14 and c 1/14."""
    return 3.0 * values["a"] - 2.0 * values["b"] + values["c"]


def moved(name, values):
    return {KEY: linear({"a": 0.5, "b": 0.5, "c": 0.5, name: values}), OTHER: np.full(values.shape, 0.1)}


def test_shares_of_variance_of_a_linear_function_are_its_squared_slopes():
    samples = drawn(INPUTS, "estimates", 4000, 1)
    shares = variance_shares(samples, {KEY: linear(samples)})[KEY]
    assert list(shares) == ["a", "b", "c"]
    assert [shares[name] for name in "abc"] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.02)


def test_an_input_without_effect_has_no_share():
    samples = drawn((*INPUTS, given("nothing")), "estimates", 4000, 2)
    assert variance_shares(samples, {KEY: linear(samples)})[KEY]["nothing"] < 0.01


def test_an_interaction_is_no_first_order_share():
    samples = drawn((given("a", -1.0, 1.0), given("b", -1.0, 1.0)), "estimates", 4000, 3)
    assert sum(variance_shares(samples, {KEY: samples["a"] * samples["b"]})[KEY].values()) < 0.03


def test_few_samples_or_no_variance_have_no_shares():
    few = drawn(INPUTS, "estimates", 30, 1)
    assert all(math.isnan(share) for share in variance_shares(few, {KEY: linear(few)})[KEY].values())
    many = drawn(INPUTS, "estimates", 100, 1)
    assert all(math.isnan(share) for share in variance_shares(many, {KEY: np.ones(100)})[KEY].values())


def test_swings_are_those_of_the_ends_and_sorted():
    swings = tornado(INPUTS, moved, (KEY, OTHER))
    assert [(one.name, round(one.low, 12), round(one.high, 12)) for one in swings[KEY]] == [
        ("a", -0.5, 2.5), ("b", 2.0, 0.0), ("c", 0.5, 1.5),
    ]  # fmt: skip
    assert [one.width for one in swings[OTHER]] == [0.0, 0.0, 0.0]
    sourced = tornado(INPUTS, moved, (KEY,), "sourced")[KEY]
    assert [(one.name, one.low_input, one.high_input) for one in sourced] == [("c", 0.4, 0.6)]


@pytest.mark.parametrize(
    ("name", "claim", "value", "above"), [("a", 0.7, 0.4, True), ("b", 0.31, 0.845, False), ("c", 1.2345, 0.7345, True)]
)
def test_a_line_turns_where_it_crosses_the_claim(name, claim, value, above):
    one = next(given for given in INPUTS if given.name == name)
    turn = turning_points(one, moved, {KEY: claim})[KEY]
    assert turn.value == pytest.approx(value, abs=1e-12) and turn.above is above and not turn.always


def test_what_does_not_turn_holds_always_or_never():
    assert turning_points(INPUTS[0], moved, {KEY: -5.0})[KEY].always
    never = turning_points(INPUTS[0], moved, {KEY: 5.0})[KEY]
    assert not never.always and math.isnan(never.value)


def test_of_two_crossings_the_one_nearer_to_the_centre_counts():
    def wave(name, values):
        return {KEY: (values - 0.2) * (values - 0.6)}

    turn = turning_points(INPUTS[0], wave, {KEY: 0.0})[KEY]
    assert turn.value == pytest.approx(0.6, abs=1e-4) and turn.above


def test_refused_values_are_left_out():
    def refused(name, values):
        return {KEY: np.where(values > 0.5, math.nan, values)}

    turn = turning_points(INPUTS[0], refused, {KEY: 0.25})[KEY]
    assert turn.value == pytest.approx(0.25) and turn.above
    assert math.isnan(turning_points(INPUTS[0], refused, {KEY: 0.75})[KEY].value)
