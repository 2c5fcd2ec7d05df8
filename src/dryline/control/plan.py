"""Nominal figures of a line and its set-up, arranged for the loops: delays in line metres, gains and bounds.

Line metres count travel at line speed: a span of d metres whose web runs at r times the line speed takes d/r
of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dryline.control.areal_density import ArealSide, HopperBed
from dryline.control.feeders import FeederPlan, in_control_order
from dryline.control.feeding import RecyclePlan
from dryline.control.fibrillation import FibrillationPlan
from dryline.control.levelling import LevelPlan, level_response
from dryline.control.profile import ProfilePlan, profile_plan
from dryline.control.rolls import FoilPlan, RollPlan, WinderPlan
from dryline.control.sequence import SequencePlan
from dryline.control.thickness import (
    GapPlan,
    ThicknessParameters,
    beyond_pairs,
    correction_bounds,
    gap_response,
    tilt_response,
)
from dryline.line.distances import last_nip, level_nips, nip_paths, pair_spacing
from dryline.line.schema import Line
from dryline.line.setup import NipSetUp, SetUp
from dryline.line.tags import flooded_side


@dataclass(frozen=True)
class Plan:
    """Everything the loops know of the plant before the first reading."""

    sequence: SequencePlan
    areal: tuple[ArealSide, ...]
    profiles: tuple[ProfilePlan, ...]
    gaps: tuple[GapPlan, ...]
    feeders: tuple[FeederPlan, ...]
    recycle: RecyclePlan | None
    fibrillation: FibrillationPlan
    levels: tuple[LevelPlan, ...]
    """Nips in gap mode without a thickness gauge behind them."""
    gauge_paths: tuple[float, ...]
    """Line metres from powder nip to line gauge per side, then to the electrode thickness gauge and to the
    scanner.
    """
    to_winder: float
    """Web from the electrode thickness gauge to the winder [m]."""
    rolls: RollPlan
    foil_nips: tuple[float, ...]
    """Line metres from the lamination to every nip that the foil runs through."""
    foil_gauges: tuple[float, float]
    """And to the electrode thickness gauge and the scanner."""


def plan_of(
    line: Line, setup: SetUp, thickness: ThicknessParameters, pixels: int, segments: int, stiffness_error: float = 0.0,
    delay_error: float = 0.0,
) -> Plan:  # fmt: skip
    """Arrange the nominal figures of `line` at the operating point `setup`.

    The loops may be told wrong stiffnesses of the mills and wrong ways to the gauges, by a relative `stiffness_error` and
    `delay_error`; sequence and alarms keep the true ones.
    """
    wrong = 1.0 + delay_error
    paths = nip_paths(line, setup)
    nips = {nip.name: nip for nip in setup.nips}
    final = last_nip(line, line.end)
    scanner = line.of_kind("scanner")[0]
    thickness_gauge = line.of_kind("thickness_gauge")[0]
    winder = line.of_kind("winder")[0]
    gauges = line.of_kind("film_gauge")
    areal: list[ArealSide] = []
    profiles: list[ProfilePlan] = []
    gaps: list[GapPlan] = []
    ways: list[float] = []
    for gauge in gauges:
        before = nips[last_nip(line, gauge.side)]
        metering = next(station for station in line.of_kind("metering") if station.side == gauge.side)
        path = paths[before.name] + gauge.distance / before.speed_ratio
        ways.append(path)
        path *= wrong
        rate = setup.metering_rate
        first = next(nip for nip in line.nips if nip.side == gauge.side)
        hopper_bed = _hopper_bed(line, setup, first.name) if flooded_side(line, gauge.side) else None
        areal.append(ArealSide(gauge.side, path, metering.lag, rate, before.areal_mass_out, hopper_bed))
        web = line.web
        reach = metering.segment_range if hopper_bed is None else 0.0
        profiles.append(profile_plan(pixels, segments, web.film_width, web.kept_width, path, reach))
        gaps.append(_gap_plan(line, before, gauge.distance, setup.film_thickness, thickness, stiffness_error, wrong))
    electrode = _gap_plan(line, nips[final], thickness_gauge.distance, setup.gauge_thickness, thickness, stiffness_error, wrong)
    gaps.append(electrode if line.end == "AB" else watching(electrode))
    end = paths[final]
    meet = next((paths[nip.name] for nip in line.nips if nip.side == "AB"), end)
    return Plan(
        SequencePlan(tuple(paths[nip.name] for nip in line.nips), end + winder.distance, setup.speed),
        tuple(areal),
        tuple(profiles),
        tuple(gaps),
        _feeder_plans(line, setup),
        _recycle_plan(line, setup),
        _fibrillation_plan(line, setup),
        _level_plans(line, setup),
        (*ways, end + thickness_gauge.distance, end + scanner.distance),
        winder.distance - thickness_gauge.distance,
        _roll_plan(line, end + winder.distance - meet),
        tuple(paths[nip.name] - meet for nip in line.nips if nip.side == "AB"),
        (end + thickness_gauge.distance - meet, end + scanner.distance - meet),
    )


def _level_plans(line: Line, setup: SetUp) -> tuple[LevelPlan, ...]:
    """Nips that hold a gap and have no gauge, in the order of `level_nips`."""
    nips, found = {nip.name: nip for nip in setup.nips}, []
    for name in level_nips(line):
        nip, station = nips[name], line.station(name)
        width = line.pressed_width(station)
        response = level_response(nip.film_stiffness, width, station.bearing_distance, station.housing_stiffness)
        found.append(LevelPlan(name, nip.force, response))
    return tuple(found)


def _roll_plan(line: Line, to_winder: float) -> RollPlan:
    """Unwinder and winder; web from the lamination to the winder [m]."""
    foils = [
        FoilPlan(
            one.name, one.change == "flying", one.change_time, one.splice_length, one.splice_thickness, one.path, to_winder
        )
        for one in line.of_kind("foil_unwinder")
    ]
    winder = line.of_kind("winder")[0]
    return RollPlan(
        foils[0] if foils else None,
        WinderPlan(
            winder.name,
            winder.change == "flying",
            winder.roll_length,
            winder.change_time,
            winder.change_scrap,
            winder.tension,
            winder.taper,
            winder.core_radius,
        ),
    )


def _gap_plan(
    line: Line, nip: NipSetUp, distance: float, target: float, p: ThicknessParameters, stiffness_error: float, wrong: float
) -> GapPlan:
    """Gap loop of the nip in front of a thickness gauge; the way to it is taken `wrong` times as long."""
    transfer = 1.0 / (1.0 + (1.0 / nip.gap_transfer - 1.0) / (1.0 + stiffness_error))
    station = line.station(nip.name)
    limits = line.limits
    acts = station.mode == "gap" and station.line_load is None
    low, high = correction_bounds(
        p, nip.thickness_out, transfer, station.gaugemeter, nip.contact_margin, limits.contact_margin_min
    )
    foil = sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder")) if nip.side == "AB" else 0.0
    spacing, width = pair_spacing(line.web.kept_width), line.pressed_width(station)
    reach = p.bending_range * station.bending_force_max
    bend_mean, heat_mean = beyond_pairs(spacing, line.web.kept_width, station.face_width)
    deflection = nip.crown + nip.bending_force * station.bending_influence + nip.bending_residual
    plan = GapPlan(
        nip=nip.name,
        path=wrong * distance / nip.speed_ratio,
        target=target,
        gap=nip.loaded_gap,
        correction_low=low,
        correction_high=high,
        response=gap_response(transfer, station.gaugemeter) * nip.thickness_out / (nip.loaded_gap - foil),
        force=nip.force,
        spring=(nip.thickness_out + foil - nip.loaded_gap) / nip.force,
        tilt_response=tilt_response(transfer, width, station.bearing_distance, spacing),
        bending_force=nip.bending_force,
        bending_low=max(nip.bending_force - reach, -station.bending_force_max),
        bending_high=min(nip.bending_force + reach, station.bending_force_max),
        bending_response=-station.bending_influence * (spacing / width) ** 2,
        load_response=deflection / nip.force * (spacing / width) ** 2,
        bend_mean=bend_mean,
        heat_mean=heat_mean,
        mode="gap" if acts else "force",
    )
    return plan if acts else watching(plan)


def watching(plan: GapPlan) -> GapPlan:
    """A gauge that moves nothing: the nip in front of it holds its force, or another gauge has its gap."""
    return replace(plan, acts=False)


def _hopper_bed(line: Line, setup: SetUp, nip: str) -> HopperBed:
    """Gap of a flooded nip and how its areal mass follows: dm/dS = rho_alpha = m / h_alpha."""
    point = next(one for one in setup.nips if one.name == nip)
    station = line.station(nip)
    return HopperBed(point.loaded_gap, point.thickness_in, station.gap_min, station.gap_max)


def _feeder_plans(line: Line, setup: SetUp) -> tuple[FeederPlan, ...]:
    """Feeders in the order of control."""
    return tuple(
        FeederPlan(
            feeder.name,
            feeder.component,
            feeder.hopper_capacity,
            feeder.feed_factor,
            feeder.feed_factor * feeder.feed_factor_min,
            feeder.feed_factor_decay,
            feeder.max_screw_speed,
            setup.component_flows[feeder.component],
            feeder.weigh_window,
        )
        for feeder in in_control_order(line)
    )


def _recycle_plan(line: Line, setup: SetUp) -> RecyclePlan | None:
    """Share and silo of the regrind; None on a line that recycles nothing."""
    for silo in line.of_kind("regrind_silo"):
        return RecyclePlan(setup.recycle_share, silo.level_low, silo.level_min)
    return None


def _fibrillation_plan(line: Line, setup: SetUp) -> FibrillationPlan:
    """Fibrillator at its set-up."""
    machine = line.of_kind("fibrillator")[0]
    return FibrillationPlan(
        setup.fibrillator_work,
        machine.jacket_temperature,
        setup.fibrillator_temperature,
        machine.product_temperature_max,
    )
