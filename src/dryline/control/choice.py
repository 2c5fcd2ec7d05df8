"""The quality controller that a line file names, for the line and its nominal figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dryline.control.machine_direction import AlongParameters
from dryline.control.monitor import Monitor
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.quality import QualityController
from dryline.control.scanner_only import ScannerOnly, behind_scanner
from dryline.control.smith import SmithPI
from dryline.control.stack import FullStack
from dryline.control.stack_plan import stack_plan
from dryline.line.control import Control
from dryline.line.schema import Line
from dryline.line.setup import SetUp


def tuned(parameters: Parameters, control: Control) -> Parameters:
    """Tuning for the control that a line names: no loop closed, or the gains of the PI loops on areal mass scaled."""
    if control.quality == "open_loop":
        return parameters.open_loop()
    gain = parameters.areal.gain_factor * control.monitor_gain
    return replace(parameters, areal=replace(parameters.areal, gain_factor=gain))


def quality_controller(
    control: Control, line: Line, setup: SetUp, plan: Plan, parameters: Parameters, pixels: int, segments: int
) -> QualityController[Any]:
    """The controller that `control` names, for a `plan` that carries the errors of its model and `tuned` parameters."""
    line_gauges = control.gauges == "line"
    if control.quality == "full_stack":
        stack = stack_plan(line, setup, plan, AlongParameters().reach, control.model_delay_error)
        beds = any(side.flooded for side in stack.sides)
        return FullStack(
            plan, parameters, stack, pixels, segments, closed_loop_length=control.closed_loop_length,
            feed_forward=control.feed_forward, line_gauges=line_gauges,
            beds=_feedback(Monitor, control, line, setup, plan, parameters) if beds else None,
        )  # fmt: skip
    return _feedback(SmithPI if control.quality == "smith_pi" else Monitor, control, line, setup, plan, parameters)


def _feedback(
    kind: type[Monitor] | type[SmithPI], control: Control, line: Line, setup: SetUp, plan: Plan, parameters: Parameters
) -> QualityController[Any]:
    """PI loops behind the line gauges, or behind the scanner alone."""
    if control.gauges == "line":
        return kind(plan, parameters, setup.areal_mass)
    seen = behind_scanner(plan, plan.gauge_paths[-1] * (1.0 + control.model_delay_error))
    inner: QualityController[Any] = kind(seen, parameters, setup.areal_mass)
    return ScannerOnly(inner, seen, setup.areal_mass, line.of_kind("scanner")[0].spot, line.web.kept_width)
