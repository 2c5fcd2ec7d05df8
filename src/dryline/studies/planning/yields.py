"""Yields: what has to go in for what comes out good, where material is lost, and what the loss is worth.

    needed before stage k for one good unit = 1 / (Y_k Y_k+1 ... Y_n)          cumulative downstream rule
    bought = in good cells + in rejected cells + thrown away + lost before the web + evaporated and not recovered

Scrap carries the value that has been added up to where it falls. What a dry line cuts off or rejects can be milled again and then
stands for fresh powder, less what it has lost in use; a wet line's cannot, its `returned` is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dryline.studies.planning.bill import yearly
from dryline.studies.planning.electrode_line import ElectrodeLine, Number, Stuff


def needed(yields: Sequence[Number]) -> tuple[Number, ...]:
    """What has to enter each stage for one good unit behind the last: 1 / product of its yield and all behind it."""
    found: list[Number] = []
    product: Number = 1.0
    for y in reversed(yields):
        product = product * y
        found.append(1.0 / product)
    return tuple(reversed(found))


def regrind(milled_again: Number, degradation: Number) -> Number:
    """Share of the rejected powder that stands for fresh powder: r (1 - degradation), what a `Stuff.returned` of powder is."""
    return milled_again * (1.0 - degradation)


class Flow(NamedTuple):
    """A material over a year, in its unit (kg or m2): bought = good + cell_reject + thrown + intake_loss + evaporated.

    fed: what enters the line, bought or returned; on_web: what reaches the web; returned: what comes back from rejected web or
    from the dryer; good: in good cells; cell_reject: in cells that fail; thrown: in rejected web and not returned; intake_loss:
    before the web; evaporated: solvent that is not recovered.
    """

    stuff: Stuff
    fed: Number
    bought: Number
    on_web: Number
    good: Number
    cell_reject: Number
    thrown: Number
    returned: Number
    intake_loss: Number
    evaporated: Number


def flow(line: ElectrodeLine, stuff: Stuff) -> Flow:
    """Balance of one material of a line over a year."""
    on_web = stuff.per_area * line.coated_area
    fed = on_web / stuff.input_yield
    if stuff.group == "solvent":
        returned = stuff.returned * on_web
        zero = 0.0 * on_web
        return Flow(stuff, fed, fed - returned, on_web, zero, zero, zero, returned, fed - on_web, on_web - returned)
    passed = on_web * line.area_yield
    rejected = on_web - passed
    returned = stuff.returned * rejected
    good = passed * line.cell_yield
    return Flow(
        stuff, fed, fed - returned, on_web, good, passed - good, rejected - returned, returned, fed - on_web, 0.0 * on_web
    )  # fmt: skip


def flows(line: ElectrodeLine) -> tuple[Flow, ...]:
    """Balance of every material of a line over a year."""
    return tuple(flow(line, stuff) for stuff in line.stuffs)


class Stage(NamedTuple):
    """A stage of the value chain: money added in it, and share of its value that passes on."""

    name: str
    added: Number
    passed: Number
    recovered: Number = 0.0
    """Money that what falls here still earns: regrind that stands for fresh powder, scrap that is sold."""


class Account(NamedTuple):
    """Money of a stage over a year: it enters, is added, goes out with what is good, comes back from scrap, or is lost."""

    name: str
    enters: Number
    added: Number
    leaves: Number
    recovered: Number
    lost: Number


def value_chain(stages: Sequence[Stage]) -> tuple[Account, ...]:
    """Value through the stages: what falls carries the value added so far.

    The sums close: added - recovered = value of the good product + lost, over all stages.
    """
    value: Number = 0.0
    accounts: list[Account] = []
    for stage in stages:
        held = value + stage.added
        leaves = held * stage.passed
        accounts.append(Account(stage.name, value, stage.added, leaves, stage.recovered, held - leaves - stage.recovered))
        value = leaves
    return tuple(accounts)


class EnergyShares(NamedTuple):
    """Where the energy of a year goes [J]: into good cells, into what is rejected, into standing hot and into heating up."""

    good: Number
    rejected: Number
    standing: Number
    heating: Number


def energy_shares(line: ElectrodeLine) -> EnergyShares:
    """Energy of a line by what it went into; the four add up to its bill."""
    run: Number = 0.0
    standing: Number = 0.0
    heating: Number = 0.0
    for use in yearly(line):
        if use.state == "run":
            run = run + use.joules
        elif use.state == "heat_up":
            heating = heating + use.joules
        else:
            standing = standing + use.joules
    good = run * line.area_yield * line.cell_yield
    return EnergyShares(good, run - good, standing, heating)


def share(part: Number, whole: Number) -> Number:
    """Part over whole, 1 where there is nothing at all."""
    safe = np.where(whole > 0.0, whole, 1.0)
    found: Number = np.where(whole > 0.0, part / safe, 1.0)
    return found
