"""The ablation: many arms of a line over several seeds in parallel processes, kept as they come so that a study can go on.

Every run is one line of `ablation.jsonl` under a key of line, settings, seed, times and the sources that make its figures. A
study that is started again in the same folder takes what is there and runs the rest. An arm that fails is kept with its
error and tried again the next time.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from dryline.line.load import dump_line, load_line
from dryline.studies.arm_run import Stopped, bounds_figures, line_of_arm, run_arm
from dryline.studies.arms import Arm

FILE = "ablation.jsonl"
SCHEMA = "dryline-ablation/1"
MADE_BY = ("bounds", "control", "data", "drives", "line", "materials", "mechanics", "process", "setup", "twin")
"""Folders of the package that make the figures of a run; a change in them asks for new runs."""
STUDY = ("arm_figures.py", "arm_run.py")

Record = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One run of a line, or its bounds where `arm` is None. `settings`: of the user; minutes of production that count, after
    those of the warm-up.
    """

    line: str
    arm: Arm | None
    seed: int
    minutes: float
    warm_up: float
    settings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the arm, or "bounds"."""
        return self.arm.name if self.arm else "bounds"

    def key(self) -> str:
        """What decides the figures, as a digest."""
        times = (self.seed, self.minutes, self.warm_up) if self.arm else ()
        said = json.dumps([self.line, self.name, _resolved(self.line, self.arm, self.settings), times, sources()])
        return hashlib.blake2b(said.encode(), digest_size=10).hexdigest()

    def record(self, status: str, error: str, figures: Record | None) -> Record:
        """A line of the file."""
        own = {"arm": self.name, "line": self.line, "seed": self.seed, "minutes": self.minutes, "warm_up": self.warm_up}
        said = {"settings": list(self.settings), "version": sources(), "status": status, "error": error, "figures": figures}
        return {"schema": SCHEMA, "key": self.key(), **own, **said}


@cache
def sources() -> str:
    """Digest of all sources that make the figures of a run."""
    package, found = Path(__file__).parents[1], hashlib.blake2b(digest_size=6)
    files = [path for folder in MADE_BY for path in sorted((package / folder).rglob("*"))]
    files = [path for path in files if path.suffix in (".py", ".yaml", ".csv")]
    for path in (*files, *(package / "studies" / name for name in STUDY), package / "kernel.py"):
        found.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


@cache
def _resolved(line: str, arm: Arm | None, settings: tuple[str, ...]) -> str:
    """Line, recipe and disturbances as an arm has them, in full."""
    loaded = line_of_arm(line, arm or Arm("full_stack"), settings)
    return f"{dump_line(loaded.line)}{loaded.recipe!r}{loaded.disturbances!r}"


def tasks(
    lines: Sequence[str], chosen: Sequence[Arm], seeds: Sequence[int], minutes: float, warm_up: float,
    settings: Sequence[str] = (),
) -> list[Task]:  # fmt: skip
    """Bounds of every line, then its arms seed by seed; InputError where a line or a setting is wrong."""
    own = tuple(settings)
    for line in lines:
        load_line(line, settings=own)
    found = [Task(line, None, 0, 0.0, 0.0, own) for line in lines]
    return found + [Task(line, arm, seed, minutes, warm_up, own) for seed in seeds for line in lines for arm in chosen]


def carried_out(task: Task, stopped: Callable[[], bool] | None = None) -> Record:
    """Run a task; whatever goes wrong in it becomes its record, but for `Stopped` and Ctrl-C."""
    try:
        loaded = line_of_arm(task.line, task.arm or Arm("full_stack"), task.settings)
        if task.arm is None:
            try:
                return task.record("done", "", bounds_figures(loaded))
            except ValueError as error:
                return task.record("done", "", {"without_bounds": str(error)})
        return task.record("done", "", run_arm(loaded, task.seed, task.minutes, task.warm_up, stopped))
    except Stopped:
        raise
    except Exception as error:
        return task.record("failed", f"{type(error).__name__}: {error}", None)


def study(
    wanted: Sequence[Task], folder: Path, jobs: int, told: Callable[[Record, bool], None] = lambda record, kept: None
) -> tuple[list[Record], bool]:
    """Carry out what is not in the folder yet; returns the records of all that is done, in order, and whether Ctrl-C ended it.

    jobs : processes at once; with one, all runs in this one. told : hears of every record, and whether it was there already.
    OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {record["key"]: record for record in kept(folder / FILE) if record["status"] == "done"}
    keys = {task: task.key() for task in wanted}
    for task in wanted:
        if keys[task] in known:
            told(known[keys[task]], True)
    left = [task for task in wanted if keys[task] not in known]
    interrupted = False
    with (folder / FILE).open("a", encoding="utf-8") as file, _ended(run_all(left, jobs)) as records:
        try:
            for record in records:
                known[record["key"]] = record
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                file.flush()
                told(record, False)
        except KeyboardInterrupt:
            interrupted = True
    return [known[keys[task]] for task in wanted if keys[task] in known], interrupted


def kept(path: Path) -> list[Record]:
    """Records of a file, the last of each key; a line that was cut off is left out."""
    found: dict[str, Record] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            if isinstance(record, dict) and record.get("schema") == SCHEMA:
                found[record["key"]] = record
    return list(found.values())


def with_companions(records: Sequence[Record], folder: Path) -> list[Record]:
    """Records of a study, and what its folder holds besides of other lines, arms and seeds under the same sources, settings
    and times: so several calls make one page.
    """
    like = {tuple(one["settings"]) for one in records}, {(one["minutes"], one["warm_up"]) for one in records}
    keys = {one["key"] for one in records}
    more = [
        one for one in kept(folder / FILE)
        if one["key"] not in keys and one["version"] == sources() and tuple(one["settings"]) in like[0]
        and (one["minutes"], one["warm_up"]) in like[1]
    ]  # fmt: skip
    return [*records, *more]


@contextmanager
def _ended(records: Iterator[Record]) -> Iterator[Iterator[Record]]:
    """Close a generator, so that its processes end with it."""
    try:
        yield records
    finally:
        records.close()  # type: ignore[attr-defined]


def run_all(wanted: Sequence[Task], jobs: int) -> Iterator[Record]:
    """Records as they come."""
    if min(jobs, len(wanted)) <= 1:
        yield from map(carried_out, wanted)
        return
    _warm(wanted[0])
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    with ProcessPoolExecutor(min(jobs, len(wanted)), context, _begin, (stop,)) as pool:
        with _deaf():
            futures: dict[Future[Record], Task] = {pool.submit(_in_worker, task): task for task in wanted}
        try:
            for future in as_completed(futures):
                error = future.exception()
                if error is None:
                    yield future.result()
                else:
                    yield futures[future].record("failed", f"its process ended: {type(error).__name__}: {error}", None)
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that start here do not hear Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _warm(task: Task) -> None:
    """Compile the kernels once, before several processes would do it at the same time."""
    from dryline.control.controller import Controller
    from dryline.setup.operating_point import set_up
    from dryline.twin.machine import TwinMachine

    loaded = line_of_arm(task.line, Arm("full_stack"), task.settings)
    machine = TwinMachine(loaded.line, loaded.recipe, set_up(loaded.line, loaded.recipe), loaded.disturbances)
    controller = Controller(loaded.line, machine.setup)
    state = controller.start()
    for _ in range(3):
        state, _ = controller.decide(state, machine.exchange(state.commands))


_stop: Event | None = None


def _begin(stop: Event) -> None:
    """Ctrl-C is for the process that started the study; its workers look at `stop`."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_worker(task: Task) -> Record:
    return carried_out(task, None if _stop is None else _stop.is_set)


def usual_jobs() -> int:
    """Processes at once where nothing is said: the processors that this one may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
