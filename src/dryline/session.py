"""One session at a line, from start to report: controller, twin and recorder are built, the loop is closed and recorded.

The command `dryline run` parses options, shows progress and prints; everything else of a run is here.
`set_up` and `run` are offered as `dryline.set_up` and `dryline.run`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dryline.control.controller import Controller
    from dryline.control.events import LoopStatus
    from dryline.control.loop import Step
    from dryline.line.load import LoadedLine
    from dryline.line.setup import SetUp
    from dryline.records.order import Order
    from dryline.records.recorder import Recorder
    from dryline.records.run import Run
    from dryline.twin.machine import TwinMachine

TOO_LONG = 3.0
"""A run that has wound so many times the asked length without enough good web stops."""
START_UP = 1000.0
"""Web [m] that any run may wind: a short order is mostly start-up (assumed)."""
BOOKS = 50
"""Web and accounts are handed to the recorder every so many ticks."""
DEFAULT_LENGTH = "500 m"
PATIENCE = 3600.0
"""A line that winds nothing for this plant time [s] is given up."""
LONGEST = 1e6
"""Longest web that can be asked for [m]."""
LARGEST_SEED = 2**62


class Goal(NamedTuple):
    """When the work is done: after `length` of good electrode [m], or where `time` is given after that plant time [s]."""

    length: float
    time: float | None = None

    @property
    def amount(self) -> float:
        """The length [m] or time [s] to reach."""
        return self.length if self.time is None else self.time


class Ending(NamedTuple):
    """How a session ended: finished, interrupted or failed, the reason in words, and the summary of the run."""

    status: str
    reason: str
    summary: dict[str, Any]


@dataclass(frozen=True)
class Session:
    """A line ready to run: its controller, its twin and its order."""

    loaded: LoadedLine
    setup: SetUp
    seed: int
    machine_seed: int
    full_rate: bool
    cold: bool
    order: Order
    controller: Controller
    machine: TwinMachine


def goal_of(length: str | None, duration: str | None, names: tuple[str, str] = ("length", "duration")) -> Goal:
    """Goal of a length such as "500 m" or a plant time such as "2h"; DEFAULT_LENGTH where neither is given.

    Raises InputError, under the given names, where a text is no length or time above zero or both are given.
    """
    from dryline.line.load import InputError

    wanted = _positive(length or DEFAULT_LENGTH, "m", names[0])
    if wanted > LONGEST:
        raise InputError(names[0], None, "", f"{length!r} is more than 1000 km; give a shorter length")
    time = _positive(duration, "s", names[1]) if duration else None
    if length and duration:
        raise InputError(names[1], None, "", f"cannot go with {names[0]}; give one of them")
    return Goal(wanted, time)


def _positive(text: str, unit: str, name: str) -> float:
    from dryline.line.load import InputError
    from dryline.line.quantities import si

    spaced = re.sub(r"^\s*([-+0-9.eE]*[0-9.])\s*([A-Za-z].*)$", r"\1 \2", text)
    try:
        value = si(spaced, unit, example={"m": "500m", "s": "2h"}[unit])
    except ValueError as error:
        raise InputError(name, None, "", str(error)) from None
    if not value > 0.0:
        raise InputError(name, None, "", f"{text!r} must be above zero")
    return value


def prepare(
    loaded: LoadedLine, setup: SetUp, seed: int = 1, *, machine_seed: int | None = None, full_rate: bool = False,
    cold: bool = False,
) -> Session:  # fmt: skip
    """Controller and twin of a line at an operating point, judged by the order of its recipe.

    seed: of the disturbances. machine_seed: of the hidden truths of the machine, the seed where None. full_rate: cells of
    1 mm. cold: start with cold rolls.
    """
    from dryline.records.order import order_of
    from dryline.studies.judged import judged_controller
    from dryline.twin.machine import TwinMachine

    order = order_of(loaded.line, loaded.recipe, setup)
    controller = judged_controller(loaded.line, setup, order)
    own = seed if machine_seed is None else machine_seed
    machine = TwinMachine(
        loaded.line, loaded.recipe, setup, loaded.disturbances, seed, machine_seed=own, full=full_rate, cold=cold
    )
    return Session(loaded, setup, seed, own, full_rate, cold, order, controller, machine)


def start_recorder(session: Session, path: Path, command_line: tuple[str, ...] = ()) -> Recorder:
    """Make the run folder of a session at `path`; RecordError where it holds something already."""
    from dryline.line.load import dump_line
    from dryline.records.historian import Tables
    from dryline.records.recorder import Recorder

    loaded, machine = session.loaded, session.machine
    inputs = {"line": loaded.line_source, "recipe": loaded.recipe_source, "disturbances": loaded.disturbances_source,
              "settings": list(loaded.settings), "machine_seed": session.machine_seed, "full_rate": session.full_rate,
              "cold": session.cold}  # fmt: skip
    return Recorder.start(
        path, order=session.order, set_up=session.setup,
        tables=Tables(machine.commands, machine.readings, machine.truth_tags), seed=session.seed,
        command_line=command_line, inputs=inputs, line_yaml=dump_line(loaded.line),
        hidden=machine.hidden_truths(),
    )  # fmt: skip


def _unseen(value: float) -> None:
    """Progress that nobody watches."""


def record(
    session: Session, recorder: Recorder, goal: Goal, *, chunk: int = 1,
    progress: AbstractContextManager[Callable[[float], None]] | None = None,
) -> Ending:  # fmt: skip
    """Close the loop and record every tick until the goal is reached or the line stops for good, then draw up the report.

    chunk: ticks between two hand-overs to the recorder. progress: gives a function that is told how much of the goal is
    reached, in its unit. Ctrl-C and a full disk end the run, they do not lose it.
    """
    from dryline.control.loop import run as loop
    from dryline.control.sequence import State, ending_order
    from dryline.control.status import loop_statuses
    from dryline.line.clock import VirtualClock
    from dryline.records.rollmap import good_metres
    from dryline.records.run_folder import FolderFull

    machine, (wanted, plant_time) = session.machine, goal
    by_alarm = (State.HELD, State.ABORTED)
    good = wound = product = 0.0
    asked = False
    status, reason = "finished", ""
    last = moving = 0.0

    def hand_over(time: float, state: int, *, end: bool = False) -> None:
        nonlocal good, wound, product, moving
        batch = machine.finished_web(last=end)
        if batch is not None:
            batch = replace(batch, state=batch.state + state)
            good += float(batch.length[good_metres(batch, session.order)].sum())
            wound += float(batch.length.sum())
            product += float(batch.length[batch.product].sum())
            moving = time
            recorder.web(batch)
        recorder.accounts(time, machine.accounts())

    def requests(step: Step) -> tuple[Any, ...]:
        nonlocal asked, status, reason
        time = step.readings.time
        enough = time >= plant_time if plant_time is not None else good >= wanted
        if asked:
            return ()
        if enough:
            asked = True
        elif plant_time is None and wound >= max(TOO_LONG * wanted, START_UP):
            asked, status = True, "failed"
            reason = f"{wound:.0f} m wound, {product:.0f} m as product, but only {good:.0f} m of {wanted:.0f} m good"
        elif plant_time is None and time - moving > PATIENCE:
            asked, status, reason = True, "failed", "the line winds nothing; see the events"
        return (ending_order(step.state.sequence.state),) if asked else ()

    try:
        recorder.accounts(0.0, machine.accounts())
        with progress or nullcontext(_unseen) as show:
            waiting: list[tuple[Step, Any]] = []
            for n, step in enumerate(loop(machine, session.controller, VirtualClock(), requests=requests)):
                last, state = step.readings.time, int(step.state.sequence.state)
                waiting.append((step, machine.truth.copy()))
                ended = n > 10 and (step.state.resting or (asked and state in by_alarm))
                books = (n + 1) % BOOKS == 0 or ended
                if len(waiting) >= chunk or books:
                    for held, truth in waiting:
                        own = int(held.state.sequence.state)
                        recorder.tick(held.readings.time, held.commands, held.readings, truth, own)
                        for event in held.state.events:
                            recorder.event(*event)
                    waiting.clear()
                if books:
                    if state == State.EXECUTE:
                        recorder.loops(_bounded(loop_statuses(session.controller, step.state)))
                    hand_over(last, state, end=ended)
                    show(good if plant_time is None else last)
                if ended:
                    if state in by_alarm and not asked:
                        status, reason = "failed", step.state.sequence.reason or "the line was stopped by an alarm"
                    break
    except KeyboardInterrupt:
        status, reason = "interrupted", f"interrupted at {last:.0f} s of plant time with {good:.0f} m good"
    except FolderFull as error:
        status, reason = "failed", str(error)
    return Ending(status, reason, recorder.close(status, reason, _bounds(session)))


def _bounded(loops: Sequence[LoopStatus]) -> list[tuple[str, str]]:
    """Name of each loop and what bounds it now; in manual that is the operator."""
    from dryline.control.modes import MANUAL

    return [(loop.name, loop.limit or (MANUAL if loop.mode == MANUAL else "")) for loop in loops]


def _bounds(session: Session) -> dict[str, Any]:
    """What no controller could have beaten on this line; Ctrl-C leaves it out, not the report."""
    from dryline.studies.footprint_bounds import footprint_bounds, without_bounds

    loaded, web = session.loaded, session.loaded.line.web
    try:
        return footprint_bounds(loaded.line, loaded.recipe, session.setup, loaded.disturbances)
    except KeyboardInterrupt:
        return without_bounds("interrupted while they were computed", (web.patch_length, web.patch_width))


def set_up(line: LoadedLine | str | Path = "lfp-cathode") -> SetUp:
    """Operating point of a line for its recipe at the rated speed, with every limit that was checked.

    Parameters
    ----------
    line : LoadedLine, str or Path
        What `dryline.load` gave, or the name or file of a line.

    Returns
    -------
    SetUp
        Speeds, flows and temperatures, a `NipSetUp` a nip (gap, line load, pressure ...) and `checks`, all in SI units.

    Raises
    ------
    Infeasible
        Where a limit binds: `check` is the first in line order, `broken` lists all.
    InputError
        Where a name or file of a line is wrong.
    ValueError
        Where the sides of the line do not share the same film.
    """
    from dryline.line.load import as_loaded
    from dryline.setup.operating_point import set_up as operating_point

    loaded = as_loaded(line)
    return operating_point(loaded.line, loaded.recipe)


def run(
    line: LoadedLine | str | Path = "lfp-cathode",
    *,
    length: str | None = None,
    duration: str | None = None,
    seed: int = 1,
    machine_seed: int | None = None,
    out: str | Path | None = None,
    full_rate: bool = False,
    cold: bool = False,
) -> Run:
    """Run a line on its twin: set up, start, make electrode, stop, report. The same run as that of the command.

    Parameters
    ----------
    line : LoadedLine, str or Path
        What `dryline.load` gave, or the name or file of a line.
    length : str, optional
        Length of good electrode to make, with unit; "500 m" where neither length nor duration is given.
    duration : str, optional
        Plant time to run instead, such as "2 h".
    seed : int
        Seed of the disturbances, 0 to 2**62: the same seeds give the same run.
    machine_seed : int, optional
        Seed of the hidden truths of the machine, such as roll diameters and sensor offsets: another one is another machine
        of the same drawing. By default the seed.
    out : str or Path, optional
        Run folder, new or empty. Without it the run is kept in a temporary folder, which lives as long as the returned
        object.
    full_rate : bool
        Cells of 1 mm in place of the line's (slow).
    cold : bool
        Start with cold rolls.

    Returns
    -------
    Run
        The run, opened. A line that had to stop gives a run of status "failed" with its reason.

    Raises
    ------
    Infeasible
        Where the operating point passes a limit; then nothing is run or written.
    InputError
        Where line, length, duration or a seed are wrong.
    RecordError
        Where the run folder cannot be written.
    KeyboardInterrupt
        After Ctrl-C, once the run folder has been closed with status "interrupted".
    """
    from dryline.line.load import InputError, as_loaded
    from dryline.records.run import open as open_folder

    goal = goal_of(length, duration)
    for name, value in (("seed", seed), ("machine_seed", machine_seed)):
        if value is not None and not 0 <= value <= LARGEST_SEED:
            raise InputError(name, None, "", f"{value} is out of range; give 0 to 2**62")
    loaded = as_loaded(line)
    session = prepare(loaded, set_up(loaded), seed, machine_seed=machine_seed, full_rate=full_rate, cold=cold)
    path = Path(tempfile.mkdtemp(prefix="dryline-") if out is None else out)
    try:
        ending = record(session, start_recorder(session, path), goal)
        if ending.status == "interrupted":
            raise KeyboardInterrupt(ending.reason)
        found = open_folder(path)
    except BaseException:
        if out is None:
            shutil.rmtree(path, ignore_errors=True)
        raise
    if out is None:
        weakref.finalize(found, shutil.rmtree, path, ignore_errors=True)
    return found
