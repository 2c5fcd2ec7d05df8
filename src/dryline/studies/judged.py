"""The controller of a line, judged by its order: good film for control is good web for the records."""

from __future__ import annotations

from dataclasses import replace

from dryline.control.controller import Controller
from dryline.control.parameters import Parameters
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.records.order import Order


def judged_controller(line: Line, setup: SetUp, order: Order) -> Controller:
    """Controller of a line at its operating point with the tolerances of an order."""
    parameters = Parameters()
    tolerances = replace(
        parameters.product, areal_tolerance=order.areal_tolerance, thickness_tolerance=order.thickness_tolerance
    )
    return Controller(line, setup, replace(parameters, product=tolerances))
