"""Arms of the ablation: which control a line runs under, what is taken from it and how wrong its model is made.

An arm differs from the full stack of the reference line by its settings only, so `dryline run --set ...` repeats it. What
changes nothing for a kind of control is left out of the grid: no loop of `open_loop` knows a gauge or a model, and none but the
full stack reads the scale.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Literal, get_args

from dryline.line.control import Quality, Seeing
from dryline.line.input_error import InputError

Grid = Literal["quick", "main", "full"]

STIFFNESS_ERROR, DELAY_ERROR = 0.3, 0.2
"""Errors of control's model [1]: stiffness of the mills, ways to the gauges."""
CORNERS = tuple(product((-STIFFNESS_ERROR, STIFFNESS_ERROR), (-DELAY_ERROR, DELAY_ERROR)))
"""Stiffness and delay wrong together, all four signs."""
GAINS = (0.5, 1.0, 2.0)
"""Gains of the PI monitor over that of its tuning rule."""


@dataclass(frozen=True)
class Arm:
    """One way to run a line. `stiffness`, `delay`: error of control's model [1]; `gain`: of the PI loops over their rule [1]."""

    quality: Quality
    gauges: Seeing = "line"
    feed_forward: bool = True
    oppose_run_out: bool = True
    stiffness: float = 0.0
    delay: float = 0.0
    gain: float = 1.0

    @property
    def name(self) -> str:
        """Name such as "full_stack/scanner/no-scale/stiffness+30/delay-20"; what is as usual is not said."""
        parts: list[str] = [self.quality]
        parts += ["scanner"] if self.gauges == "scanner" else []
        parts += [] if self.feed_forward else ["no-scale"]
        parts += [] if self.oppose_run_out else ["no-run-out"]
        parts += [f"stiffness{100.0 * self.stiffness:+.0f}"] if self.stiffness else []
        parts += [f"delay{100.0 * self.delay:+.0f}"] if self.delay else []
        parts += [f"gain{self.gain:g}"] if self.gain != 1.0 else []
        return "/".join(parts)

    @property
    def mistuned(self) -> bool:
        """Whether control's model of its line is wrong."""
        return self.stiffness != 0.0 or self.delay != 0.0

    def settings(self, nips: Sequence[str]) -> tuple[str, ...]:
        """Settings of a line with these nips, as `path=value`; the whole section `control` is set, whatever the line says."""
        found = [
            f"control.quality={self.quality}",
            f"control.gauges={self.gauges}",
            f"control.feed_forward={str(self.feed_forward).lower()}",
            f"control.monitor_gain={self.gain:g}",
            f"control.model_stiffness_error={self.stiffness:g}",
            f"control.model_delay_error={self.delay:g}",
        ]
        return (*found, *(f"stations.{nip}.oppose_run_out={str(self.oppose_run_out).lower()}" for nip in nips))


def arms(grid: Grid = "main") -> tuple[Arm, ...]:
    """Arms of a grid: quick, three of them; main, one thing at a time and the corners; full, all that can be combined."""
    if grid == "quick":
        return Arm("open_loop"), Arm("pi_monitor"), Arm("full_stack")
    main = [
        Arm("open_loop"), Arm("pi_monitor"), Arm("smith_pi"), Arm("full_stack"),
        *(Arm("pi_monitor", gain=gain) for gain in GAINS if gain != 1.0),
        Arm("full_stack", "scanner"), Arm("full_stack", feed_forward=False), Arm("full_stack", oppose_run_out=False),
        *(Arm("full_stack", stiffness=s, delay=d) for s, d in CORNERS),
        *(Arm("pi_monitor", stiffness=s, delay=d) for s, d in CORNERS),
        *(Arm("pi_monitor", "scanner", gain=gain) for gain in GAINS),
        Arm("smith_pi", "scanner"), Arm("full_stack", "scanner", feed_forward=False), Arm("open_loop", oppose_run_out=False),
    ]  # fmt: skip
    if grid == "main":
        return tuple(main)
    return tuple(dict.fromkeys([*main, *_factorial()]))


def _factorial() -> list[Arm]:
    """Every combination that differs from the others in what control does."""
    found = [Arm("open_loop", oppose_run_out=run_out) for run_out in (True, False)]
    for gauges, run_out, (s, d) in product(get_args(Seeing), (True, False), ((0.0, 0.0), *CORNERS)):
        found += [Arm("pi_monitor", gauges, True, run_out, s, d, gain) for gain in GAINS]
        found.append(Arm("smith_pi", gauges, True, run_out, s, d))
        found += [Arm("full_stack", gauges, scale, run_out, s, d) for scale in (True, False)]
    return found


def named(wanted: Sequence[str]) -> tuple[Arm, ...]:
    """Arms of the full grid by name, in its order; `*` stands for anything. InputError where nothing has a name."""
    known = arms("full")
    for name in wanted:
        if not any(fnmatchcase(arm.name, name) for arm in known):
            near = difflib.get_close_matches(name, [arm.name for arm in known], 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError("--arms", None, name[:80], f"is no arm{hint}; give e.g. pi_monitor or full_stack*")
    return tuple(arm for arm in known if any(fnmatchcase(arm.name, name) for name in wanted))
