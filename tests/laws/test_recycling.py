"""Recycling: mass closes with the loop closed, passes and work follow their laws, errors of a feeder come back."""

from __future__ import annotations

import numpy as np
import pytest
from powder_case import NOTHING, no_disturbances, small_line, small_recipe, small_setup, some_disturbances, started

from dryline.kernel import Arena, from_python
from dryline.process.recycling import mean_passes, pass_shares, steady_return, work_moments
from dryline.process.web import film_strength
from dryline.twin.powder import advance_powder
from dryline.twin.powder_parameters import FLOW, powder_parameters
from dryline.twin.powder_recycle import return_film
from dryline.twin.powder_start import start_powder
from dryline.twin.powder_state import (
    ACTIVE,
    CONTENT,
    DELIVERED,
    ELECTROLYTE,
    FED,
    GRANULATOR_POWER,
    LOST,
    LOT_DENSITY,
    LOT_YIELD,
    MOST_PASSES,
    PASSED,
    PASSES,
    RETURNED,
    SILO,
    SILO_LEVEL,
    SPEED,
    TAKEN,
    VAPOUR,
    WATER,
    WORK,
    WORK_SQUARE,
    YIELD_PRESSURE,
    C,
    K,
    PowderState,
    powder_fields,
    powder_stored,
)

SHARES = (0.0, 0.1, 0.2, 0.3)
DUST = 0.02
film = from_python(return_film)
strength = from_python(film_strength)


def web_of(s: PowderState, taken: float, trim: float) -> np.ndarray:
    """What a web that returns a share of the film hands back, made from what a cell of it carries."""
    returned = np.zeros(K)
    film(
        returned, trim * taken, s.powder_composition, s.powder_fibrils, s.powder_carried, s.powder_quality[YIELD_PRESSURE],
        330.0, ELECTROLYTE,
    )  # fmt: skip
    return returned


def closed_loop(p, s, ticks, share, first=0, speeds=None, tick=0.1):
    """Advance with a web that returns as much as is drawn; what was asked for and taken [kg] in all."""
    command = s.powder_feeder[SPEED].copy() if speeds is None else speeds
    amount = float(p.feeder[FLOW].sum()) * tick
    for n in range(first, first + ticks):
        before = s.powder_account[TAKEN].sum()
        back = web_of(s, amount, share / (1.0 - DUST))  # the powder that this tick takes, at the composition of its start
        advance_powder(p, s, command, p.work, p.jacket_temperature, amount, n, back)
        assert s.powder_account[TAKEN].sum() - before == pytest.approx(amount, rel=1e-9)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("quiet", [True, False])
def test_mass_closes_with_the_loop_closed(share: float, quiet: bool) -> None:
    p, s, _ = started(no_disturbances() if quiet else some_disturbances(), seed=3, share=share, hopper_capacity=30.0)
    stored = powder_stored(s)
    closed_loop(p, s, 6000, share)
    account = s.powder_account
    change = powder_stored(s) - stored
    error = account[FED] + account[RETURNED] - account[VAPOUR] - account[TAKEN] - account[LOST] - change
    assert np.all(np.abs(error) <= 1e-9 * np.maximum(account[FED], stored))
    assert account[LOST].sum() == pytest.approx(DUST * account[RETURNED].sum(), rel=1e-12)
    regrind = s.powder_regrind[2, :C].sum()
    assert regrind == pytest.approx(s.powder_feeder[CONTENT, 3], abs=1e-9)
    assert (s.powder_feeder[DELIVERED, 3] > 0.0) == (share > 0.0)


@pytest.mark.parametrize("share", SHARES)
def test_the_start_is_the_steady_loop(share: float) -> None:
    p, s, _ = started(no_disturbances(), share=share, feed_factor_min=1.0)
    before = s.powder_carried.copy(), s.powder_fibrils.copy(), s.powder_composition.copy()
    assert before[0][:MOST_PASSES] == pytest.approx(pass_shares(share, MOST_PASSES), rel=1e-4)
    assert before[0][PASSES - PASSED] == pytest.approx(mean_passes(share), rel=1e-4)
    mean, square = work_moments(share, p.work, p.grinding_work, len(s.powder_fibrillator))
    assert before[0][WORK - PASSED] == pytest.approx(mean + p.work, rel=1e-4)
    assert before[0][WORK_SQUARE - PASSED] == pytest.approx(
        square + 2.0 * mean * p.work + p.work**2 * (1.0 + 1.0 / len(s.powder_fibrillator)), rel=1e-4,
    )
    closed_loop(p, s, 4000, share)
    np.testing.assert_allclose(s.powder_carried, before[0], rtol=6e-3, atol=1e-9)
    np.testing.assert_allclose(s.powder_fibrils, before[1], atol=2e-3)
    np.testing.assert_allclose(s.powder_composition, before[2], rtol=2e-3, atol=1e-12)
    if share:
        assert s.powder_reading[SILO_LEVEL] == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("share", SHARES[1:])
def test_passes_converge_from_virgin_powder(share: float) -> None:
    """A silo that starts empty, then regrind that is fed at the share: P(n) goes to (1 - r) r^n."""
    p, s, _ = started(no_disturbances(), share=share, feed_factor_min=1.0, initial_level=0.0, lag=100.0)
    assert s.powder_carried[0] == 0.0 and s.powder_regrind.sum() == 0.0 and p.recycle_share == 0.0
    total = float(p.feeder[FLOW].sum())
    speeds = s.powder_feeder[SPEED].copy()
    filling = round(450.0 / share)
    closed_loop(p, s, filling, share, speeds=speeds)  # fills the silo
    full = s.powder_feeder[SPEED] * (1.0 - share)
    full[3] = share * total / 0.15
    closed_loop(p, s, 50_000, share, first=filling, speeds=full)
    assert s.powder_carried[:MOST_PASSES] == pytest.approx(pass_shares(share, MOST_PASSES), rel=0.01)
    assert s.powder_carried[PASSES - PASSED] == pytest.approx(share / (1.0 - share), rel=0.01)
    assert s.powder_carried[WORK - PASSED] == pytest.approx(
        p.work + work_moments(share, p.work, p.grinding_work, 5)[0], rel=0.01
    )


def test_an_error_of_a_feeder_returns_with_the_gain_of_the_loop() -> None:
    """Carbon in place of active material is taken 1/(1 - r) times in all: once, and r/(1 - r) times more when it returns."""
    share, excess = 0.2, []
    for pulse in (0.0, 0.2):
        p, s, _ = started(no_disturbances(), share=share, feed_factor_min=1.0, lag=100.0, capacity=60.0)
        speeds = s.powder_feeder[SPEED].copy()
        closed_loop(p, s, 600, share, speeds=speeds * np.array([1.0 - pulse * 0.025 / 0.95, 1.0 + pulse, 1.0, 1.0, 1.0, 1.0]))
        closed_loop(p, s, 40_000, share, first=600, speeds=speeds)
        excess.append((s.powder_account[FED, 1], s.powder_account[TAKEN, 1]))
    (fed, taken), (more_fed, more_taken) = excess
    gain = (more_taken - taken) / (more_fed - fed) - 1.0
    assert gain == pytest.approx(share / (1.0 - share), rel=0.01)


def test_strength_rises_with_recycling_before_the_work_optimum_and_falls_beyond() -> None:
    """Returned film has received more work: it lacks fibrils before the optimum and has torn ones behind it."""

    def strengths(work: float) -> list[float]:
        found = []
        for share in SHARES:
            line, setup = small_line(share), small_setup(recycled=share)
            setup.fibrillator_work = work
            s = Arena(powder_fields(line)).view(PowderState)
            start_powder(powder_parameters(line, small_recipe(), setup, no_disturbances(), 1), s)
            found.append(float(strength(s.powder_fibrils[1], 0.7, 0.04, 38e6, 1.0, 2.0, 0.0)))
        return found

    little, much = strengths(0.5e5), strengths(9e5)
    assert np.all(np.diff(little) > 0.0)
    assert np.all(np.diff(much) < 0.0)
    assert much[-1] < 0.95 * much[0]


def test_the_granulator_makes_granules_anew_but_not_particles() -> None:
    p, s, _ = started(no_disturbances(), share=0.2, lag=30.0)
    returned = np.zeros(K)
    returned[ACTIVE], returned[LOT_DENSITY], returned[LOT_YIELD] = 1.0, 0.1, 0.1
    advance_powder(p, s, np.zeros(6), 0.0, p.jacket_temperature, 0.0, 0, returned)
    silo = s.powder_regrind[:2]
    assert silo[:, LOT_DENSITY].sum() == 0.0
    assert silo[:, LOT_YIELD].sum() == pytest.approx(0.1 * (1.0 - DUST))
    assert s.powder_power[GRANULATOR_POWER] == pytest.approx(3e3 + 2e4 * (1.0 - DUST) / 0.1)


def test_a_full_silo_spills_and_a_line_without_granulator_scraps_what_returns() -> None:
    p, s, _ = started(no_disturbances(), share=0.2, initial_level=1.0)
    before = powder_stored(s)
    back = web_of(s, 100.0, 1.0)
    advance_powder(p, s, np.zeros(6), 0.0, p.jacket_temperature, 0.0, 0, back)
    for n in range(1, 20_000):
        advance_powder(p, s, np.zeros(6), 0.0, p.jacket_temperature, 0.0, n, NOTHING)
    assert s.powder_reading[SILO_LEVEL] == pytest.approx(1.0)
    assert s.powder_account[LOST].sum() > DUST * 100.0 + 80.0
    account = s.powder_account
    change = account[FED] + account[RETURNED] - account[VAPOUR] - account[LOST] - (powder_stored(s) - before)
    assert np.all(np.abs(change) <= 1e-9 * before.sum())
    p, s, _ = started(no_disturbances())
    advance_powder(p, s, s.powder_feeder[SPEED], p.work, p.jacket_temperature, 0.0, 0, back)
    np.testing.assert_allclose(s.powder_account[LOST], back[:C])
    assert s.powder_regrind.sum() == 0.0


def test_an_empty_silo_gives_no_refill() -> None:
    p, s, _ = started(no_disturbances(), share=0.3, capacity=150.0, lag=60.0)
    speeds = s.powder_feeder[SPEED].copy()
    for n in range(20_000):
        advance_powder(p, s, speeds, p.work, p.jacket_temperature, 0.0475, n, NOTHING)
    silo = s.powder_regrind[SILO, : WATER + 1].sum()
    assert silo < 0.7 * 20.0
    assert s.powder_feeder[CONTENT, 3] < 0.05
    assert np.all(s.powder_regrind >= 0.0)


def test_work_moments_follow_from_a_simulated_population() -> None:
    rng = np.random.default_rng(1)
    share, work, grinding, tanks = 0.3, 1.8e5, 2e4, 4
    passes = rng.geometric(1.0 - share, 400_000) - 1
    received = rng.gamma(tanks * np.maximum(passes, 1e-9), work / tanks) + grinding * passes
    mean, square = work_moments(share, work, grinding, tanks)
    assert received.mean() == pytest.approx(mean, rel=0.01)
    assert (received**2).mean() == pytest.approx(square, rel=0.02)


def test_a_loop_without_regrind_is_virgin() -> None:
    feed, _ = steady_return(0.0, (1.0, 0.0, 5e-4), lambda x: (0.2 * x[0], 0.7, x[2]), lambda x: x)
    assert feed == (1.0, 0.0, 5e-4)
