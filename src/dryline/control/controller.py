"""The controller of the line: one tick of readings in, one tick of commands out; the state is an explicit
value.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dryline.control.alarms import AlarmState, alarms_step
from dryline.control.choice import quality_controller, tuned
from dryline.control.events import Event
from dryline.control.feeders import FEEDER, in_control_order
from dryline.control.feeding import FEED, FeedingPlan, HopperPlan, RecyclePlan, feeding_step, start_feeding
from dryline.control.fibrillation import FibrillationState, fibrillation_step
from dryline.control.gauges import MAKING_FILM, Gauges
from dryline.control.levelling import Levelling
from dryline.control.modes import MANUAL, Loop, loop_named
from dryline.control.off_spec import OffSpecState, off_spec_step
from dryline.control.parameters import Parameters
from dryline.control.plan import plan_of
from dryline.control.powder_loops import feeding_loops, fibrillation_loop
from dryline.control.product import ProductState, deviations, product_step
from dryline.control.quality import Measured, QualityController, References
from dryline.control.recovery import RecoveryState, recovery_step
from dryline.control.rolls import Request, RollState, rolls_step, spoiled, tape_passes, winding_tension
from dryline.control.rows import rows_of
from dryline.control.sequence import (
    BROKEN,
    FEEDING,
    ORDERS,
    PRODUCING,
    RAMPING_DOWN,
    Order,
    SequenceState,
    State,
    open_nips,
    ordered,
    sequence_step,
)
from dryline.control.signals import Frame
from dryline.control.state import ControlState
from dryline.control.supervision import conditions, line_speed, situation, supervision_of
from dryline.control.wiring import command_places, reading_places
from dryline.line.machine import Commands, Readings
from dryline.line.schema import Line
from dryline.line.setup import SetUp


class Controller:
    """Keeps a line on target. Holds nominal figures only; what changes is in the `ControlState` it hands
    back.
    """

    def __init__(self, line: Line, setup: SetUp, parameters: Parameters | None = None) -> None:
        """Controller of `line` at the operating point `setup`."""
        p = tuned(parameters or Parameters(), line.control)
        self.parameters = p
        self.setup = setup
        feeders = tuple(feeder.name for feeder in in_control_order(line))
        self.readings = reading_places(line, feeders)
        pixels = self.readings.profiles[0]
        metering = line.of_kind("metering")[0]
        segments = round(line.web.film_width / metering.segment_width)
        wide, wrong = pixels.stop - pixels.start, line.control
        self.plan = plan_of(
            line, setup, p.thickness, wide, segments, wrong.model_stiffness_error, wrong.model_delay_error
        )
        self.commands = command_places(line, setup, feeders, tuple(gap.nip for gap in self.plan.gaps if gap.acts))
        self.supervision = supervision_of(line, setup, p.alarms, self.plan, self.readings)
        hopper = line.of_kind("surge_hopper")[0]
        recycle = self.plan.recycle or RecyclePlan(0.0, 1.0, 0.0)
        places = self.readings.level_at, self.readings.silo_at
        feed = HopperPlan(hopper.level, hopper.capacity, setup.powder_flow, self.plan.recycle is not None, *places)
        self._feeding = FeedingPlan(
            rows_of(FEED, (feed, recycle, p.level, p.feeders)),
            rows_of(FEEDER, *((plan, at, p.feeders) for plan, at in zip(self.plan.feeders, self.readings.feeders, strict=True))),
            self.readings.metering_flow,
        )
        self.quality: QualityController[Any] = quality_controller(line.control, line, setup, self.plan, p, wide, segments)
        self.levelling = Levelling(self.plan.levels, p.levelling)
        self.loops: tuple[Loop, ...] = (
            *(loop.under("quality") for loop in self.quality.loops()),
            *(loop.under("levelling") for loop in self.levelling.loops(setup.speed)),
            *(loop.under("feeding") for loop in feeding_loops(feed, p, self.plan.feeders, setup.speed)),
            fibrillation_loop(p.fibrillation, self.plan.fibrillation, setup.speed).under("fibrillation"),
        )
        self._gauges = Gauges(line, self.plan, self.readings, p)
        self._target = Measured([side.target for side in self.plan.areal], setup.areal_mass, self.plan.gaps[-1].target)
        self._rates = np.array([side.rate for side in self.plan.areal])
        self._lamination_ratio = setup.nips[-1].speed_ratio

    def start(self) -> ControlState:
        """State before the first tick; its `commands` (rolls apart, at rest) are for the first exchange."""
        orders = (Order.RESET, Order.START) if self.parameters.automatic else ()
        quality, references = self.quality.start()
        state = ControlState(
            sequence=SequenceState(orders=orders),
            quality=quality,
            feeding=start_feeding(len(self.plan.feeders)),
            fibrillation=FibrillationState(self.plan.fibrillation.jacket),
            levelling=self.levelling.start(),
            alarms=AlarmState(),
            product=ProductState(),
            off_spec=OffSpecState(),
            recovery=RecoveryState(),
            rolls=RollState(),
            speed=0.0,
            events=(),
            commands=Commands(0, self.commands.base.copy()),
        )
        self._fill(state.commands, state, references)
        return state

    def request(self, state: ControlState, *orders: Order, reason: str = "") -> ControlState:
        """Ask for state changes (Stop, Complete, Reset and Start, Clear ...); taken in the next ticks, in
        order.
        """
        return state._replace(sequence=ordered(state.sequence, *orders, reason=reason))

    def ask_speed(self, state: ControlState, speed: float | None) -> ControlState:
        """Ask for a line speed [m/s] instead of the rated one (None); the line ramps to it, at most to the rated one.

        Raises ValueError where the speed is not above that at which a line stands.
        """
        if speed is not None and not speed > self.plan.sequence.still:
            raise ValueError(f"a line cannot be asked to run at {speed} m/s; stop it instead")
        return state._replace(sequence=state.sequence._replace(asked=speed))

    def set_mode(self, state: ControlState, loop: str, mode: str) -> ControlState:
        """Put a loop into manual, or back into the mode in which it is closed ("auto" will do), without a jump of its output.

        Raises ModeError, with near names, where there is no such loop or it cannot be in that mode.
        """
        one = loop_named(self.loops, loop)
        following: ControlState = one.with_mode(state, mode)
        before, after = one.mode(state), one.mode(following)
        told = () if before == after else (Event(0.0, "mode", loop, f"{before} -> {after}"),)
        return following._replace(told=(*state.told, *told))

    def set_output(self, state: ControlState, loop: str, value: ArrayLike) -> ControlState:
        """Set the output of a loop in manual, in the unit of its status; a profile takes a trim for each segment.

        Raises ModeError where the loop is not in manual or the value is out of its range.
        """
        one = loop_named(self.loops, loop)
        following: ControlState = one.with_output(state, value)
        set_to = "a trim for each segment" if np.ndim(value) else f"{float(np.asarray(value)):.6g} {one.unit}"
        return following._replace(told=(*state.told, Event(0.0, "mode", loop, f"{MANUAL}: output {set_to}")))

    def decide(self, state: ControlState, readings: Readings) -> tuple[ControlState, Commands]:
        """One tick: judge the readings, advance sequence and loops, and give the commands for the coming
        tick.
        """
        p, plan, at, dt = self.parameters, self.plan, self.readings, self.parameters.tick
        frame = at.signals.frame(readings)
        speed = line_speed(frame, at, state.sequence.speed, self._lamination_ratio)
        wrong = conditions(self.supervision, p.alarms, plan, frame, at, state.sequence, speed)
        alarms, events, call = alarms_step(p.alarms, state.alarms, wrong, readings.time, dt)
        order, alarm = None, ""
        if call is not None and call.order is not None and (state.sequence.state, call.order) in ORDERS:
            alarm = f"{call.source}: {call.text}"
            order = (call.order, alarm)
        rolls, change, told = self._rolls(state, frame, speed, readings.time)
        events += told
        seen = situation(self.supervision, frame, at, state.sequence.state, speed)
        sequence = sequence_step(plan.sequence, p.speeds, state.sequence, seen, order or change, dt)
        ready = seen.warm and seen.primed and all(condition.order is None for condition in alarms.told)
        recovery, orders, told = recovery_step(p.recovery, state.recovery, sequence, alarm, ready, readings.time, dt)
        if orders:
            sequence = ordered(sequence, *orders)
        if sequence.state is not state.sequence.state:
            name = sequence.state.name.capitalize()
            text = f"{name}: {sequence.reason}" if sequence.reason else name
            events.append(Event(readings.time, "state", "line", text))
        events += told

        events += [event._replace(time=readings.time) for event in state.told]
        feeding = feeding_step(self._feeding, state.feeding, frame.believed, sequence.state in FEEDING, dt)
        sight = self._gauges.sight(frame, sequence, state.rolls, speed)
        quality, references, measured = self.quality.step(state.quality, sight)
        levelling = self.levelling.step(
            state.levelling, frame.believed.take(at.level_forces), sequence.state in MAKING_FILM, dt
        )
        fibrillation = fibrillation_step(
            p.fibrillation,
            plan.fibrillation,
            state.fibrillation,
            frame.numbers[at.product_temperature],
            feeding.total["total"][0] > p.feeders.low_flow * self.setup.powder_flow,
            dt,
        )
        errors = deviations(p.product, self._target, measured)
        product = product_step(
            p.product,
            state.product,
            errors,
            sequence.state is State.EXECUTE,
            sight.metres,
            plan.to_winder,
            spoiled(p.rolls, plan.rolls, rolls, frame.numbers[at.wound]),
            sequence.state in BROKEN,
        )
        if product.flag != state.product.flag:
            text = "product" if product.flag else "scrap"
            cause = f": {product.cause}" if product.cause else ""
            events.append(Event(readings.time, "product", plan.rolls.winder.name, f"{text} reaches the winder{cause}"))
        films = errors[: len(self.plan.areal)]
        off_spec = off_spec_step(p.off_spec, state.off_spec, films, sequence.state in PRODUCING, sight.metres)
        commands = Commands(state.commands.sequence + 1, self.commands.base.copy())
        following = ControlState(
            sequence,
            quality,
            feeding,
            fibrillation,
            levelling,
            alarms,
            product,
            off_spec,
            recovery,
            rolls,
            speed,
            tuple(events),
            commands,
        )
        self._fill(commands, following, references)
        return following, commands

    def _rolls(
        self, state: ControlState, frame: Frame, speed: float, time: float
    ) -> tuple[RollState, Request | None, list[Event]]:
        """Roll changes of foil and electrode."""
        p, at, numbers = self.parameters, self.readings, frame.numbers
        left = None if at.foil_left is None else numbers[at.foil_left]
        wound, radius = numbers[at.wound], numbers[at.winder_radius]
        return rolls_step(
            p.rolls, self.plan.rolls, state.rolls, left, wound, radius, state.sequence.state, speed, p.speeds.stop_ramp, time,
            p.tick,
        )  # fmt: skip

    def _fill(self, commands: Commands, state: ControlState, references: References) -> None:
        """Complete the commands of a tick, so far the constant part, by what the loops say."""
        at, plan, sequence, values = self.commands, self.plan, state.sequence, commands.values
        moving, broken = sequence.state in PRODUCING or sequence.state in RAMPING_DOWN, sequence.state in BROKEN
        values[at.speed] = sequence.speed
        values[at.thread] = state.recovery.thread and sequence.state is not State.ABORTED
        values[at.screws] = state.feeding.feeders["speed"] if sequence.state in FEEDING else 0.0
        values[at.levels] = state.levelling["tilt"]
        values[at.jacket] = state.fibrillation.jacket
        values[at.rates] = references.rates * self._rates if moving and not broken else 0.0
        values[at.nips] = references.nips
        values[at.zeros] = sequence.state is State.IDLE
        for place, gap in zip(at.bed_gaps, references.bed_gaps, strict=True):
            values[place] = gap
        values[at.segments] = references.segments
        if references.ratios is not None:
            values[at.ratios] *= references.ratios
        if plan.rolls.foil is not None and state.rolls.since is not None:
            for place, behind in zip(at.foil_lifts, plan.foil_nips, strict=True):
                if tape_passes(plan.rolls, state.rolls, behind, self.parameters.rolls.lift):
                    values[place] = plan.rolls.foil.thickness
        if sequence.state not in PRODUCING or sequence.threaded < plan.sequence.path:
            values[at.opens] = open_nips(plan.sequence, sequence)
        if broken:
            values[at.ratios] = 1.0
        for place in at.diverts:
            values[place] = state.off_spec.returned
        if at.foil_change is not None:
            values[at.foil_change] = state.rolls.change
        values[at.tension] = winding_tension(plan.rolls, state.rolls)
        values[at.roll] = state.rolls.roll
        values[at.product] = state.product.flag and not broken
