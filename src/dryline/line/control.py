"""Which quality control a line runs under, and its few tuning figures."""

from __future__ import annotations

import difflib
from typing import Any, Literal, get_args

from pydantic import model_validator

from dryline.line.quantities import Described, quantity

Quality = Literal["open_loop", "pi_monitor", "smith_pi", "full_stack"]
Seeing = Literal["line", "scanner"]
ASSUMED = "assumed"


class Control(Described):
    """Quality control of the line: what it is, what it may look at, how fast it is and how wrong its model.

    `quality`: no loop closed, PI on the delayed gauge, PI with the delay line as predictor, or all of mass flow, delay line,
    filters and speed ratio. `gauges`: the loops on areal mass see line gauges and scanner, or the scanner alone.
    `feed_forward`: whether the weighed flow of the metering is used. The errors falsify what control believes of its own line,
    for studies of robustness.
    """

    quality: Quality = "full_stack"
    gauges: Seeing = "line"
    feed_forward: bool = True
    closed_loop_length: float = quantity(10.0, "m", 0.5, 1e4, ASSUMED, "web in which the slow error goes to the metering")
    monitor_gain: float = quantity(1.0, "1", 0.0, 10.0, ASSUMED, "gain of the PI loops over that of their tuning rule")
    model_stiffness_error: float = quantity(0.0, "1", -0.9, 9.0, ASSUMED, "of the mills, as control believes it")
    model_delay_error: float = quantity(0.0, "1", -0.9, 9.0, ASSUMED, "of the ways to the gauges, as control believes them")

    @model_validator(mode="before")
    @classmethod
    def _known_names(cls, values: Any) -> Any:
        if isinstance(values, dict):
            for key, names in (("quality", get_args(Quality)), ("gauges", get_args(Seeing))):
                given = values.get(key, names[0])
                if given not in names:
                    near = difflib.get_close_matches(str(given), names, 1)
                    hint = f"; did you mean {near[0]!r}?" if near else ""
                    raise ValueError(f"{key}@there is no {str(given)[:40]!r}; give one of {', '.join(names)}{hint}")
        return values
