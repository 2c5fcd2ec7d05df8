"""The controller of the line: one tick of readings in, one tick of commands out; the state is an explicit
value.
"""

from __future__ import annotations

import numpy as np

from dryline.control.alarms import AlarmState, alarms_step
from dryline.control.areal_density import (
    ArealState,
    ScannerState,
    areal_step,
    scanner_step,
)
from dryline.control.estimates import mean_of
from dryline.control.events import Event
from dryline.control.feeders import FEEDER, in_control_order
from dryline.control.feeding import FEED, FeedingPlan, HopperPlan, RecyclePlan, feeding_step, start_feeding
from dryline.control.fibrillation import FibrillationState, fibrillation_step
from dryline.control.off_spec import OffSpecState, off_spec_step
from dryline.control.parameters import Parameters
from dryline.control.plan import plan_of
from dryline.control.product import ProductState, product_step
from dryline.control.profile import ProfileState, profile_step, start_profile
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
from dryline.control.signals import Frame, row
from dryline.control.state import ControlState
from dryline.control.supervision import conditions, line_speed, situation, supervision_of
from dryline.control.thickness import GapState, gap_step, start_gap
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
        p = parameters or Parameters()
        self.parameters = p
        self.setup = setup
        gauges = line.of_kind("film_gauge")
        feeders = tuple(feeder.name for feeder in in_control_order(line))
        self.readings = reading_places(line, feeders)
        pixels = self.readings.profiles[0]
        metering = line.of_kind("metering")[0]
        segments = round(line.web.film_width / metering.segment_width)
        self.plan = plan_of(line, setup, p.thickness, pixels.stop - pixels.start, segments)
        self.commands = command_places(line, setup, feeders, tuple(gap.nip for gap in self.plan.gaps if gap.acts))
        self.supervision = supervision_of(line, setup, p.alarms, self.plan, self.readings)
        hopper = line.of_kind("surge_hopper")[0]
        scanner = line.of_kind("scanner")[0]
        recycle = self.plan.recycle or RecyclePlan(0.0, 1.0, 0.0)
        places = self.readings.level_at, self.readings.silo_at
        feed = HopperPlan(hopper.level, hopper.capacity, setup.powder_flow, self.plan.recycle is not None, *places)
        self._feeding = FeedingPlan(
            rows_of(FEED, (feed, recycle, p.level, p.feeders)),
            rows_of(FEEDER, *((plan, at, p.feeders) for plan, at in zip(self.plan.feeders, self.readings.feeders, strict=True))),
            self.readings.metering_flow,
        )
        self._foil = sum(foil.thickness * foil.density for foil in line.of_kind("foil_unwinder"))
        self._acting = tuple(k for k, gap in enumerate(self.plan.gaps) if gap.acts)
        self._scan_reach = 0.5 * (line.web.kept_width - scanner.spot)
        self._lamination_ratio = setup.nips[-1].speed_ratio
        self._gauges = len(gauges)
        self._kept = tuple(
            slice(place.start + plan.kept.start, place.start + plan.kept.stop)
            for place, plan in zip(self.readings.profiles, self.plan.profiles, strict=True)
        )

    def start(self) -> ControlState:
        """State before the first tick; its `commands` (rolls apart, at rest) are for the first exchange."""
        orders = (Order.RESET, Order.START) if self.parameters.automatic else ()
        state = ControlState(
            sequence=SequenceState(orders=orders),
            areal=(ArealState(),) * self._gauges,
            scanner=ScannerState(),
            profiles=tuple(start_profile(plan) for plan in self.plan.profiles),
            gaps=tuple(start_gap(plan) for plan in self.plan.gaps),
            feeding=start_feeding(len(self.plan.feeders)),
            fibrillation=FibrillationState(self.plan.fibrillation.jacket),
            alarms=AlarmState(),
            product=ProductState(),
            off_spec=OffSpecState(),
            recovery=RecoveryState(),
            rolls=RollState(),
            speed=0.0,
            events=(),
            commands=Commands(0, self.commands.base),
        )
        return state._replace(commands=self._commands(0, state, (None,) * self._gauges))

    def request(self, state: ControlState, *orders: Order, reason: str = "") -> ControlState:
        """Ask for state changes (Stop, Complete, Reset and Start, Clear ...); taken in the next ticks, in
        order.
        """
        return state._replace(sequence=ordered(state.sequence, *orders, reason=reason))

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

        feeding = feeding_step(self._feeding, state.feeding, frame.believed, sequence.state in FEEDING, dt)
        areal, scanner, profiles, gaps = self._quality(state, frame, sequence, speed)
        fibrillation = fibrillation_step(
            p.fibrillation,
            plan.fibrillation,
            state.fibrillation,
            frame.numbers[at.product_temperature],
            feeding.total["total"][0] > p.feeders.low_flow * self.setup.powder_flow,
            dt,
        )
        product = self._product(state, frame, sequence, rolls, areal, scanner, gaps, speed)
        if product.flag != state.product.flag:
            text = "product" if product.flag else "scrap"
            cause = f": {product.cause}" if product.cause else ""
            events.append(Event(readings.time, "product", plan.rolls.winder.name, f"{text} reaches the winder{cause}"))
        number = state.commands.sequence + 1
        levels = tuple(None if place is None else frame.numbers[place] for place in at.bed_levels)
        off_spec = off_spec_step(
            p.off_spec, state.off_spec, self._film_errors(areal), sequence.state in PRODUCING, speed * dt
        )
        following = ControlState(
            sequence,
            areal,
            scanner,
            profiles,
            gaps,
            feeding,
            fibrillation,
            alarms,
            product,
            off_spec,
            recovery,
            rolls,
            speed,
            tuple(events),
            state.commands,
        )
        commands = self._commands(number, following, levels)
        return following._replace(commands=commands), commands

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

    def _quality(
        self, state: ControlState, frame: Frame, sequence: SequenceState, speed: float
    ) -> tuple[tuple[ArealState, ...], ScannerState, tuple[ProfileState, ...], tuple[GapState, ...]]:
        """Areal mass, profile and thickness; a loop sees its gauge only once the film of this start has
        reached it.
        """
        p, plan, at, dt = self.parameters, self.plan, self.readings, self.parameters.tick
        moving = sequence.state in PRODUCING or (
            sequence.state in RAMPING_DOWN and sequence.state not in BROKEN
        )
        there = [moving and sequence.threaded > path + 0.5 for path in plan.gauge_paths]
        factor = 1.0 + state.scanner.trim
        areal, profiles = [], []
        for k, side in enumerate(plan.areal):
            seen = there[k] and at.profile_tags[k] not in frame.missing
            profile = frame.values[self._kept[k]] if seen else None
            mean = None if profile is None else float(np.add.reduce(profile)) / len(profile)
            areal.append(areal_step(p.areal, side, state.areal[k], mean, factor, speed, dt))
            believed = profile if not areal[k].held else None
            profiles.append(
                profile_step(p.profile, plan.profiles[k], state.profiles[k], believed, speed * dt)
            )
        for k, behind in zip((-2, -1), plan.foil_gauges, strict=True):
            there[k] = there[k] and not tape_passes(plan.rolls, state.rolls, behind, p.rolls.blind)
        coating = self._scanned(frame) if there[-1] else None
        settled = sequence.state is State.EXECUTE and sequence.since > p.settling
        scanner = scanner_step(p.scanner, state.scanner, coating, self.setup.areal_mass, speed * dt, settled)
        gaps = []
        for k, gap in enumerate(plan.gaps):
            triple = None
            if there[k]:
                drive, centre, operator = frame.numbers[at.pairs[k]]
                if drive is not None and centre is not None and operator is not None:
                    triple = drive, centre, operator
            gaps.append(gap_step(p.thickness, gap, state.gaps[k], triple, speed, dt))
        return tuple(areal), scanner, tuple(profiles), tuple(gaps)

    def _scanned(self, frame: Frame) -> float | None:
        """Coating of both sides under the scanner [kg/m2] within the kept width, nominal foil taken off."""
        position = frame.numbers[self.readings.scanner_position]
        boxes = row(frame, self.readings.scanner_boxes)
        if position is None or boxes is None or abs(position) > self._scan_reach:
            return None
        mean = mean_of(boxes)
        return None if mean is None else mean - self._foil

    def _film_errors(self, areal: tuple[ArealState, ...]) -> tuple[float | None, ...]:
        """Deviation of each side's areal mass in units of its tolerance."""
        tolerance = self.parameters.product.areal_tolerance
        return tuple(
            None if one.measured is None else (one.measured / side.target - 1.0) / tolerance
            for side, one in zip(self.plan.areal, areal, strict=True)
        )

    def _product(
        self,
        state: ControlState,
        frame: Frame,
        sequence: SequenceState,
        rolls: RollState,
        areal: tuple[ArealState, ...],
        scanner: ScannerState,
        gaps: tuple[GapState, ...],
        speed: float,
    ) -> ProductState:
        """Deviations in units of their tolerance, and what they mean at the winder."""
        p, plan = self.parameters.product, self.plan
        errors = list(self._film_errors(areal))
        coating = scanner.coating if scanner.seen else None
        errors.append(
            None if coating is None else (coating / self.setup.areal_mass - 1.0) / p.areal_tolerance
        )
        final = gaps[-1]
        off = None if final.held or final.mean is None else final.mean - plan.gaps[-1].target
        errors.append(None if off is None else off / p.thickness_tolerance)
        return product_step(
            p,
            state.product,
            tuple(errors),
            sequence.state is State.EXECUTE,
            speed * self.parameters.tick,
            plan.to_winder,
            spoiled(self.parameters.rolls, plan.rolls, rolls, frame.numbers[self.readings.wound]),
            sequence.state in BROKEN,
        )

    def _commands(self, number: int, state: ControlState, bed_levels: tuple[float | None, ...]) -> Commands:
        """Commands of a tick: the constant part, then what the loops say."""
        at, plan, sequence = self.commands, self.plan, state.sequence
        values = at.base.copy()
        values[at.speed] = sequence.speed
        values[at.thread] = state.recovery.thread and sequence.state is not State.ABORTED
        values[at.screws] = state.feeding.feeders["speed"]
        values[at.jacket] = state.fibrillation.jacket
        moving = sequence.state in PRODUCING or sequence.state in RAMPING_DOWN
        for k, side in enumerate(plan.areal):
            factor, bed = 1.0 + state.areal[k].trim, side.hopper_bed
            if bed is not None:
                values[at.first_gaps[k]] = bed.gap_at(state.areal[k].trim)
                factor *= bed.rate_factor(bed_levels[k])
            values[at.rates[k]] = side.rate * factor if moving else 0.0
            values[at.segments[k]] = state.profiles[k].trims
        for n, k in enumerate(self._acting):
            values[at.gaps[n]] = state.gaps[k].gap
            values[at.tilts[n]] = state.gaps[k].tilt
            values[at.bending[n]] = state.gaps[k].bending_force
        if plan.rolls.foil is not None:
            for place, behind in zip(at.foil_gaps, plan.foil_nips, strict=True):
                if tape_passes(plan.rolls, state.rolls, behind, self.parameters.rolls.lift):
                    values[place] += plan.rolls.foil.thickness
        for k, apart in enumerate(open_nips(plan.sequence, sequence)):
            values[at.opens[k]] = apart
        if sequence.state in BROKEN:
            for k in at.rates:
                values[k] = 0.0
            for k in at.ratios:
                values[k] = 1.0
        for place in at.diverts:
            values[place] = state.off_spec.returned
        if at.foil_change is not None:
            values[at.foil_change] = state.rolls.change
        values[at.tension] = winding_tension(plan.rolls, state.rolls)
        values[at.roll] = state.rolls.roll
        values[at.product] = state.product.flag and sequence.state not in BROKEN
        return Commands(number, values)
