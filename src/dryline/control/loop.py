"""The one loop: write, read, decide, under whichever clock; the same for a twin, a real line and a replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dryline.control.controller import Controller
from dryline.control.sequence import Order
from dryline.control.state import ControlState
from dryline.line.clock import Clock
from dryline.line.machine import Commands, Machine, Readings


class Step(NamedTuple):
    """One tick: the commands that held during it, the readings sampled in it, and what control made of them.

    `state.events` are the events of the tick, `state.commands` the commands of the next one.
    """

    commands: Commands
    readings: Readings
    state: ControlState


def run(
    machine: Machine,
    controller: Controller,
    clock: Clock,
    *,
    ticks: int | None = None,
    until: Callable[[Step], bool] | None = None,
    requests: Callable[[Step], tuple[Order, ...]] | None = None,
    state: ControlState | None = None,
) -> Iterator[Step]:
    """Close the loop and yield every tick.

    Parameters
    ----------
    ticks : int, optional
        Number of ticks; None goes on for ever.
    until : callable, optional
        Looks at each step; True ends the loop after it.
    requests : callable, optional
        Orders of an operator (Stop, Complete ...), asked for after each tick; an empty tuple asks nothing.
    state : ControlState, optional
        Where to go on from; by default a fresh start: the first exchange writes its commands (rolls apart, at
        rest) and brings the first readings.
    """
    if machine.commands.size != controller.commands.table.size:
        raise ValueError("the machine takes other commands than the controller: not the same line")
    if machine.readings.size != controller.readings.signals.table.size:
        raise ValueError("the machine gives other readings than the controller: not the same line")
    now = controller.start() if state is None else state
    done = 0
    while ticks is None or done < ticks:
        commands = now.commands
        readings = machine.exchange(commands)
        now, _ = controller.decide(now, readings)
        done += 1
        step = Step(commands, readings, now)
        yield step
        if until is not None and until(step):
            return
        if requests is not None and (orders := requests(step)):
            now = controller.request(now, *orders)
        clock.wait(controller.parameters.tick)
