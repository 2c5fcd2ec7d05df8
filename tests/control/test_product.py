"""Product flag and roll changes."""

from __future__ import annotations

from dryline.control.estimates import Passage, moved, passed_on, smoothed
from dryline.control.product import ProductParameters, ProductState, product_step

P = ProductParameters()


def run(errors, metres=0.1, state=None, wound=None, producing=lambda n: True):
    state, flags = state or ProductState(), []
    for n, error in enumerate(errors):
        state = product_step(P, state, (error, 0.0), producing(n), metres, 2.8, wound, 2000.0)
        flags.append(state.passage.now)
    return state, flags


def test_product_begins_when_good_web_reaches_the_winder():
    _, flags = run([0.2] * 200)
    assert flags.index(True) in (127, 128, 129), "10 m on target, then 2.8 m to the winder"


def test_bad_web_is_scrap_when_it_reaches_the_winder_and_not_before():
    _, flags = run([0.2] * 200 + [2.0] * 100)
    lost = 200 + flags[200:].index(False)
    assert 230 < lost < 250


def test_unseen_web_is_scrap_after_a_while_and_blinks_are_ridden_through():
    _, flags = run([0.2] * 200 + [None] * 100 + [0.2] * 10)
    assert all(flags[130:])
    _, flags = run([0.2] * 200 + [None] * 400)
    assert not flags[-1]


def test_nothing_is_product_outside_execute():
    _, flags = run([0.0] * 300, producing=lambda n: False)
    assert not any(flags)


def test_rolls_change_by_measured_length_whether_or_not_the_counter_restarts():
    state, _ = run([0.0], wound=1999.0)
    assert state.roll == 1
    state, _ = run([0.0], wound=2000.1, state=state)
    assert state.roll == 2
    going_on, _ = run([0.0], wound=3999.0, state=state)
    assert going_on.roll == 2
    restarted, _ = run([0.0], wound=0.1, state=state)
    restarted, _ = run([0.0], wound=2000.2, state=restarted)
    assert restarted.roll == 3


def test_small_helpers():
    assert smoothed(None, None, 1.0, 1.0) is None and smoothed(2.0, None, 1.0, 1.0) == 2.0
    assert moved(0.0, 1.0, 0.1, -1.0, 1.0) == (0.1, True) and moved(0.0, 0.05, 0.1, -1.0, 1.0) == (
        0.05,
        False,
    )
    passage = passed_on(Passage(), True, 0.0, 1.0)
    passage = passed_on(passage, False, 0.5, 1.0)
    assert [passed_on(passage, False, x, 1.0).now for x in (0.9, 1.0, 1.4, 1.5)] == [False, True, True, False]
