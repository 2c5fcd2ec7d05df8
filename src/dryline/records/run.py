"""A recorded run as a value in Python: its summary, signals, roll map and events as plain dicts and NumPy arrays."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dryline.records.run_folder import RecordError, RunFolder, open_run

if TYPE_CHECKING:
    from dryline.records.events import Event
    from dryline.records.signals import Column

Floats = NDArray[np.float64]


class Run:
    """A recorded run, finished or not. `dryline.open` and `dryline.run` return one; it reads, it does not write.

    Status and summary are those of the moment at which it was opened and first read; open a run that is still going
    anew to see more of it.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def __repr__(self) -> str:
        return f"<Run {str(self.path)!r}, {self.status}>"

    @property
    def path(self) -> Path:
        """The run folder."""
        return self._folder.path

    @property
    def status(self) -> str:
        """One of finished, interrupted, failed and running; running also after the process was killed."""
        return self._folder.status

    @property
    def reason(self) -> str:
        """Why a run was interrupted or failed, in words; empty otherwise."""
        return str(self._folder.manifest["reason"])

    @property
    def report(self) -> Path:
        """The page report.html in the run folder. After a kill it is missing; the command `dryline report` draws it up."""
        return self.path / "report.html"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Key figures: the content of summary.json, or drawn up from the other files where it is missing or of an earlier form.

        Its form is the JSON Schema `dryline-summary/4` (`dryline schema summary`).
        """
        from dryline.records.summary import SCHEMA, build_summary

        found = self._folder.json_or_empty("summary.json")
        return found if found.get("schema") == SCHEMA else build_summary(self._folder)

    def columns(self) -> list[Column]:
        """Columns of the signals with name, kind, unit and description; empty in the first minute of plant time."""
        from dryline.records import signals

        return signals.columns(self._folder)

    def signals(self, names: str | Sequence[str]) -> dict[str, Floats]:
        """Signals over time, one row every 0.1 s of plant time.

        Parameters
        ----------
        names : str or sequence of str
            Columns as `columns()` lists them, such as "reading/lamination/force", or patterns in which `*` and `?`
            stand for anything, such as "truth/*/line_load".

        Returns
        -------
        dict
            "time" [s] first, then each column in its unit: (n,), or (n, size) for a tag that is an array. Arrays are
            empty where the run ended within its first minute of plant time.

        Raises
        ------
        KeyError
            Where a name was not recorded or a pattern fits nothing.
        """
        from dryline.records import signals

        wanted = [names] if isinstance(names, str) else list(names)
        known = [column.name for column in self.columns()]
        found = {"time": None}
        for name in wanted:
            pattern = "*" in name or "?" in name
            fitting = [column for column in known if fnmatchcase(column, name)] if pattern else [name]
            if known and not (fitting and set(fitting) <= set(known)):
                near = difflib.get_close_matches(name, known, 1)
                raise KeyError(f"{name!r} was not recorded in {self.path}" + (f"; did you mean {near[0]!r}?" if near else ""))
            found |= dict.fromkeys(fitting)
        return signals.read(self._folder, list(found))

    def rollmap(self, daughter: int | None = None) -> dict[str, NDArray[Any]]:
        """The wound web: n rows of about 1 m in the order of winding, L kept lanes from the drive side, C components.

        Parameters
        ----------
        daughter : int, optional
            Number of a daughter roll, from 1 at the drive side, where the line has a slitter: only its own lanes.

        Returns
        -------
        dict
            (n,) start, length [m], time [s], speed [m/s], roll, product, state, good; (n, L) areal_mass_a, areal_mass_b
            [kg/m2], thickness [m], porosity [1], strength [Pa]; (n, C) kept_kg, trim_kg; (L,) lane_centres from the
            middle of the web and lane_widths [m]. With P columns of patches of areal mass, where the machine gives them:
            (n, P) patch_mass_a, patch_mass_b, patch_variance_a, ..._b, ..._both; (n,) row_variance_a, ..._b, ..._both;
            (P + 1,) patch_edges from the middle of the web [m]. `line.web_record.MetreBatch` describes each, and further
            columns that a machine may give.

        Raises
        ------
        KeyError
            Where the web was not slit into a daughter roll of this number.
        """
        from dryline.records import rollmap
        from dryline.records.order import Order
        from dryline.records.slitting import daughters_of

        table, order = rollmap.read(self._folder), Order.from_json(self._folder.manifest["order"])
        if daughter is not None:
            cut = {one.number: one for one in daughters_of(order)}
            if daughter not in cut:
                raise KeyError(f"no daughter roll {daughter} in {self.path}; the web was slit into {len(cut)}")
            table, order = rollmap.daughter_map(table, cut[daughter], order), cut[daughter].order
        columns = {name: values for name, values in vars(table.batch).items() if values is not None}
        lanes = {name: np.asarray(getattr(order, name), np.float64) for name in ("lane_centres", "lane_widths")}
        if table.batch.patch_mass_a is not None:
            lanes["patch_edges"] = np.asarray(order.patch_edges, np.float64)
        return {**columns, "good": table.good, **lanes}

    def events(self) -> list[Event]:
        """Alarms, changes of state and orders, each with time [s], kind, source, message and value."""
        from dryline.records import events

        return events.read(self._folder)


def open(path: str | Path) -> Run:
    """Open the folder of a run, finished, interrupted, killed or still running.

    Parameters
    ----------
    path : str or Path
        The run folder.

    Raises
    ------
    RecordError
        Where the folder holds no run, or one of a newer layout than this version reads.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise RecordError(f"{folder} is not a folder; give the folder of a run")
    return Run(open_run(folder))
