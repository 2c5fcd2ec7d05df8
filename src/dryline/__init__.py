"""Dryline: design, simulate, control and record a dry-electrode line.

The names below are the Python API; other modules may change at any time. They are imported when they are first used, so
that `import dryline` is quick.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dryline.line.load import InputError
    from dryline.line.load import load_line as load
    from dryline.line.setup import Infeasible
    from dryline.records.run import Run, open
    from dryline.records.run_folder import RecordError
    from dryline.session import run, set_up
    from dryline.setup.sensitivities import sensitivities
    from dryline.studies.planning.api import DryAgainstWet, compare
    from dryline.studies.window import window

__version__ = "0.1.0"

__all__ = [
    "DryAgainstWet", "Infeasible", "InputError", "RecordError", "Run", "__version__", "compare", "load", "open", "run",
    "sensitivities", "set_up", "window",
]  # fmt: skip

if not TYPE_CHECKING:  # a checker sees the imports above, and a wrong name as an error

    _HOMES = {
        "load": "dryline.line.load:load_line",
        "set_up": "dryline.session:set_up",
        "sensitivities": "dryline.setup.sensitivities:sensitivities",
        "window": "dryline.studies.window:window",
        "compare": "dryline.studies.planning.api:compare",
        "run": "dryline.session:run",
        "open": "dryline.records.run:open",
        "Run": "dryline.records.run:Run",
        "DryAgainstWet": "dryline.studies.planning.api:DryAgainstWet",
        "Infeasible": "dryline.line.setup:Infeasible",
        "InputError": "dryline.line.load:InputError",
        "RecordError": "dryline.records.run_folder:RecordError",
    }

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home, _, attribute = _HOMES[name].partition(":")
        value = globals()[name] = getattr(import_module(home), attribute)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
