"""Product flag."""

from __future__ import annotations

from math import isnan, nan

from dryline.control import estimates
from dryline.control.estimates import Passage, passed_on
from dryline.control.product import ProductParameters, ProductState, product_step
from dryline.kernel import from_python

P = ProductParameters()


def run(errors, metres=0.1, state=None, producing=lambda n: True, spoiled=lambda n: "", broken=lambda n: False):
    state, flags = state or ProductState(), []
    for n, error in enumerate(errors):
        state = product_step(P, state, (error, 0.0), producing(n), metres, 2.8, spoiled(n), broken(n))
        flags.append(state.flag)
    return state, flags


def test_product_begins_when_good_web_reaches_the_winder():
    _, flags = run([0.2] * 200)
    assert flags.index(True) in (127, 128, 129), "10 m on target, then 2.8 m to the winder"


def test_bad_web_is_scrap_when_it_reaches_the_winder_and_not_before():
    _, flags = run([0.2] * 200 + [2.0] * 100)
    lost = 200 + flags[200:].index(False)
    assert 230 < lost < 250


def test_unseen_web_is_scrap_after_a_while_and_blinks_are_ridden_through():
    _, flags = run([0.2] * 200 + [nan] * 100 + [0.2] * 10)
    assert all(flags[130:])
    _, flags = run([0.2] * 200 + [nan] * 400)
    assert not flags[-1]


def test_nothing_is_product_outside_execute():
    _, flags = run([0.0] * 300, producing=lambda n: False)
    assert not any(flags)


def test_a_splice_spoils_web_on_target_and_says_why():
    _, flags = run([0.2] * 300, spoiled=lambda n: "splice" if 200 <= n < 250 else "")
    assert flags[199] and not any(flags[200:250]) and all(flags[250:])
    assert run([0.2] * 210, spoiled=lambda n: "splice")[0].cause == "splice"
    assert run([0.2] * 50, spoiled=lambda n: "splice")[0].cause == "", "it was scrap already"


def test_a_broken_web_is_scrap_all_the_way_to_the_winder():
    _, flags = run([0.2] * 300, producing=lambda n: n < 200, broken=lambda n: n >= 200)
    assert flags[199] and not any(flags[200:])
    _, stopped = run([0.2] * 300, producing=lambda n: n < 200)
    assert sum(stopped[200:]) in (27, 28), "a stop lets the good web run out"


def test_small_helpers():
    smoothed, moved = from_python(estimates.smoothed), from_python(estimates.moved)
    assert isnan(smoothed(nan, nan, 1.0, 1.0)) and smoothed(2.0, nan, 1.0, 1.0) == 2.0 and smoothed(nan, 3.0, 1.0, 1.0) == 3.0
    assert moved(0.0, 1.0, 0.1, -1.0, 1.0) == (0.1, True) and moved(0.0, 0.05, 0.1, -1.0, 1.0) == (
        0.05,
        False,
    )
    passage = passed_on(Passage(), True, 0.0, 1.0)
    passage = passed_on(passage, False, 0.5, 1.0)
    assert [passed_on(passage, False, x, 1.0).now for x in (0.9, 1.0, 1.4, 1.5)] == [False, True, True, False]
