"""From a line and its set-up to the arrays of the web twin: chains, nips, lanes and where everything stands on the web.

The plant's hidden truth (stiffness, roll diameters, sensor errors, run-out phases) is drawn here from the machine seed;
what the drives believe is the nominal figure. Places on the web are whole numbers of 5 mm cells of the first nip.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dryline.drives.gap_servo import width_compliance
from dryline.drives.run_out import forget_run_out
from dryline.kernel import Arena, from_python, key_of
from dryline.line.disturbances import Disturbances
from dryline.line.nips import Nip
from dryline.line.schema import Line, MachineLimits
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.mechanics.thermal import growth
from dryline.process.defects import EdgeCracks
from dryline.process.distribution import ALONG, PLACE
from dryline.process.flooded import GRAVITY
from dryline.process.forming import bed_thickness
from dryline.process.tabulated import tabulate
from dryline.setup.nips import flooded
from dryline.setup.shear import pack_of
from dryline.setup.stand import stand_of
from dryline.twin.cells import EMPTY, NOTHING
from dryline.twin.disturbances import drawn
from dryline.twin.patches import parts_of
from dryline.twin.state import (
    COMING_DENSE,
    COMING_RELEASED,
    COMING_SOLID,
    DENSE,
    RELEASED,
    SOLID,
    Array,
    H,
    Sizes,
    Twin,
    twin_arrays,
    twin_fields,
)

STEEL = 7850.0
"""Density of the rolls [kg/m3] (textbook)."""
FULL_CELL = 1e-3
"""Length of a cell at full rate [m]."""
AXES = {"hydraulic": (12.0, 0.5e-3), "electromechanical": (2.0, 0.1e-3)}
"""Natural frequency [Hz] and slew rate [m/s] of the gap axes (class values, assumed)."""
DAMPING = 0.7
FORCE_REACH = 0.2
"""Share of the set-up's gap that force mode may move the axes (assumed)."""
BED_LEVEL = 0.7
"""Level of a hopper bed at the start (assumed)."""
POSITION_LAG = 3e-3
"""Filter of the position sensor in the drive [s] (assumed)."""
THERMAL_LAG = 30.0
"""Filter of the roll temperature in the drive [s] (assumed)."""
SLACK = 200
"""Rows that a ring keeps beyond its last reader."""


@dataclass(frozen=True)
class Layout:
    """Chains of a line and how many cells lie between its stations."""

    sides: tuple[str, ...]
    nips: tuple[str, ...]
    chain_of_side: dict[str, int]
    electrode: int
    """Chain that is wound."""
    behind: tuple[int, ...]
    """Cells from the entry of each chain to its last nip."""
    stretch: tuple[float, ...]
    """Length of a cell behind the last nip of each chain over its length at the entry."""
    offsets: tuple[int, ...]
    cell: float

    def delay(self, chain: int, distance: float) -> int:
        """Cells from the entry of a chain to a place a distance [m] behind its last nip."""
        clear = self.behind[chain] + shift(1.5, self.cell) + 1
        return max(self.behind[chain] + cells(distance, self.stretch[chain], self.cell), clear)


def cells(distance: float, stretch: float, cell: float) -> int:
    """Whole cells in a distance [m] of web, at least one 5 mm cell; the same web whatever the cell length."""
    return max(1, round(max(1, round(distance / (PLACE * stretch))) * PLACE / cell))


def shift(share: float, cell: float) -> int:
    """Cells by which something stands later on a web of short cells, so that it meets the same web at the same time.

    The middle of a cell is in the nip 1.5 cell lengths after it was formed, and merged into the electrode after 1.0.
    """
    return max(round(share * (PLACE - cell) / cell), 0)


def layout_of(line: Line, setup: SetUp, cell: float) -> Layout:
    """Arrange the stations of a line as chains of cells of a length [m] at their first nip."""
    sides = line.sides
    order = sides if line.end in sides else (*sides, line.end)
    speed = {nip.name: nip.surface_speed for nip in setup.nips}
    chain_of = {side: n for n, side in enumerate(order)}
    offsets: list[int] = []
    behind: dict[str, int] = {}
    stretch: dict[str, float] = {}
    first: dict[str, float] = {}
    for nip in line.nips:
        if nip.side not in behind:
            behind[nip.side], stretch[nip.side], first[nip.side] = 0, 1.0, speed[nip.name]
        else:
            behind[nip.side] += cells(nip.distance, stretch[nip.side], cell)
            stretch[nip.side] = speed[nip.name] / first[nip.side]
        offsets.append(behind[nip.side] + shift(1.5, cell))
    return Layout(
        sides, tuple(nip.name for nip in line.nips), chain_of, chain_of[line.end], tuple(behind[s] for s in order),
        tuple(stretch[s] for s in order), tuple(offsets), cell,
    )  # fmt: skip


def build(
    line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, machine_seed: int, layout: Layout,
    steps: int, tick_ms: int, more: dict[str, tuple[tuple[int, ...], type]],
) -> tuple[Arena, Twin]:  # fmt: skip
    """Arena with all arrays of the web twin (and `more`), parameters filled in, web empty and rolls at their set-up."""
    web = line.web
    common = [nip for nip in line.nips if nip.side == "AB"]
    leave = [layout.delay(c, common[0].distance) + shift(1.0, layout.cell) for c in range(len(layout.sides))] if common else []
    wind = layout.delay(layout.electrode, line.of_kind("winder")[0].distance)
    rings = [*(n + SLACK for n in leave), wind + SLACK]
    places = math.ceil(web.film_width / PLACE - 1e-9) + 1
    rows = sum(rings[:-1]) + rings[-1] * len(layout.sides)
    parts, columns, patch = parts_of(line)
    sizes = Sizes(len(rings), len(line.nips), web.lanes, rows, places, steps, tick_ms, parts.size, columns.size - 1)
    arena = Arena({**twin_fields(sizes), **more})
    twin = twin_arrays(arena)
    _chains(line, recipe, setup, d, seed, layout, leave, wind, rings, twin)
    for k, nip in enumerate(line.nips):
        _roll(line, recipe, setup, d, machine_seed, k, nip, layout, twin)
        _drive(line.limits, d, nip, k, setup, twin)
    _lanes(line, layout, twin)
    twin.patch_parts[:], twin.patch_widths[:], twin.patch_row["patch"] = parts, columns, patch
    twin.clocks["bed"] = BED_LEVEL * twin.chains["bed_full"] * recipe.powder.bulk_density
    twin.line_in["lane_width"] = web.film_width / web.lanes
    twin.line_in["hall"] = line.hall.temperature
    twin.line_in["cracking"] = EdgeCracks()
    twin.nip_in["elongation"] = [point.elongation for point in setup.nips]
    twin.line_in["relax"] = recipe.beta_r
    twin.line_in["relax_rate"] = 1.0 / recipe.tau_r
    twin.line_in["spread_step"] = 1.0
    if recipe.compaction.law is not None:
        twin.line_in["table"] = tabulate(recipe.compaction.law)
    _at_rest(setup, twin)
    return arena, twin


def _chains(
    line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, layout: Layout, leave: list[int], wind: int,
    rings: list[int], twin: Twin,
) -> None:  # fmt: skip
    row = 0
    twin.chains["parent"] = -1
    for c in range(len(rings)):
        chain = twin.chains[c]
        chain["cell"], chain["ring"] = layout.cell, rings[c]
        chain["track"][:] = -1
        chain["child"], chain["trim"], chain["wind"], chain["leave"], chain["film_trim"] = -1, -1, -1, -1, -1
        mine = [k for k, nip in enumerate(line.nips) if layout.chain_of_side[nip.side] == c]
        chain["nips"][:] = mine[0], mine[-1] + 1
        chain["metering_lag"], chain["swept_belief"] = 1.0, 1.0
        layers = len(layout.sides) if c == layout.electrode else 1
        for layer in range(layers):
            chain["track"][layer], row = row, row + rings[c]
        if c < len(layout.sides):
            _film(line, recipe, setup, d, seed, layout, c, twin)
        if c == layout.electrode:
            for knives in line.of_kind("trim"):
                chain["trim"] = layout.delay(c, knives.distance)
            chain["wind"] = wind
        else:
            chain["child"], chain["leave"] = layout.electrode, leave[c]
            twin.chains[layout.electrode]["parent"][c] = c


def _film(
    line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, layout: Layout, c: int, twin: Twin
) -> None:
    """Powder and knives of the chain of a side."""
    chain, side, p = twin.chains[c], layout.sides[c], recipe.powder
    mass = math.pi / 6.0 * p.granule_d50**3 * p.granule_density
    areal = setup.metering_rate / line.web.film_width
    metering = next(m for m in line.of_kind("metering") if m.side == side)
    chain["swept"] = metering.swept_volume
    chain["swept_belief"] = metering.swept_volume * p.bulk_density
    chain["metering_lag"] = metering.lag
    chain["granule_noise"] = d.granules.factor * math.sqrt(mass / (areal * PLACE * ALONG))
    chain["granule_key"] = key_of(seed, f"{metering.name}/granules")
    for knives in line.of_kind("film_trim"):
        if knives.side == side:
            chain["film_trim"] = layout.delay(c, knives.distance)
    first: Any = next(nip for nip in line.nips if nip.side == side)
    if flooded(first):
        chain["bed_full"] = line.web.film_width * first.bed_height * first.bed_depth
        chain["bite_radius"] = 0.5 * first.roll_diameter


def _roll(
    line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, k: int, nip: Nip, layout: Layout, twin: Twin
) -> None:
    r, name, width, point = twin.rolls[k], nip.name, line.pressed_width(nip), setup.nips[k]
    truth = 1.0 + d.plant.stiffness * drawn(seed, f"{name}/stiffness", 2)
    stand = stand_of(nip, width, point.force)
    r["chain"], r["offset"], r["width"] = layout.chain_of_side[nip.side], layout.offsets[k], width
    r["foil"] = 1.0 if nip.side == "AB" and line.of_kind("foil_unwinder") else 0.0
    r["inv_housing"] = 1.0 / (stand.frame * truth[0])
    r["inv_tilt"] = width**2 / (stand.frame * truth[0] * nip.bearing_distance**2)
    r["bending"] = stand.bending
    r["inv_flattening"] = 1.0 / (stand.flattening * truth[1])
    r["tilt_arm"] = 0.5 * width / nip.bearing_distance
    r["clearance"] = d.bearings.clearance * (1.0 + d.bearings.spread * drawn(seed, f"{name}/bearings", 1, uniform=True)[0])
    amplitude = np.array([d.runout.first, d.runout.second, d.runout.third])
    drive = math.pi * drawn(seed, f"{name}/run-out", 6, uniform=True).reshape(2, 3)
    operator = drive + 0.5 * drawn(seed, f"{name}/run-out side", 2, uniform=True)[:, None]
    r["runout"][:] = np.moveaxis(amplitude * [np.cos(drive), np.sin(drive), np.cos(operator), np.sin(operator)], 0, 2)
    r["runout_most"] = 2.0 * amplitude.sum()
    spread = d.runout.diameter_difference_low + (
        d.runout.diameter_difference_high - d.runout.diameter_difference_low
    ) * 0.5 * (1.0 + drawn(seed, f"{name}/diameter difference", 1, uniform=True)[0])
    r["radius"][:] = 0.5 * nip.roll_diameter * np.array([1.0 - 0.5 * spread, 1.0 + 0.5 * spread])
    r["span_length"] = min(nip.free_span, max(nip.distance, 1e-2))
    films = len(line.sides) if nip.side == "AB" else 1
    r["span_stiffness"] = recipe.film_modulus * point.thickness_in / films
    if nip.kind == "calender_nip":
        r["span_stiffness"] = line.of_kind("foil_unwinder")[0].dancer_stiffness
    r["ratio_error"] = d.drives.diameter * drawn(seed, f"{name}/roll diameter", 1)[0]
    r["drive_lag"] = nip.drive_lag
    frequency, slew = AXES[nip.actuator]
    r["omega"], r["damping"], r["slew"] = 2.0 * math.pi * frequency, DAMPING, slew
    spread = d.actuators.spread * drawn(seed, f"{name}/axes", 1, uniform=True)[0]
    r["stick"] = (1.0 + spread) * believed_friction(d, nip)
    r["position_offset"][:] = d.gap_sensors.offset * drawn(seed, f"{name}/zeroing", 2, uniform=True)
    # rounding to a step below the noise is one more white noise, uniform over the step
    r["position_noise"] = math.hypot(d.gap_sensors.white, d.gap_sensors.resolution / math.sqrt(12.0))
    r["position_lag"] = POSITION_LAG
    r["force_noise"] = d.load_cells.white * nip.max_force
    r["force_gain"][:] = d.load_cells.gain * drawn(seed, f"{name}/load cells", 2)
    r["compensation_lag"] = nip.gaugemeter_lag
    r["inv_mill"] = 1.0 / stand.mill(width)
    r["force_nominal"] = point.force
    r["pack"] = pack_of(nip)
    r["weight"] = GRAVITY * STEEL * 0.25 * math.pi * nip.roll_diameter**2 * nip.face_width
    r["jump"] = 0.0 if nip.preload >= point.force else d.bearings.jump
    r["force_time"], r["force_reach"] = nip.force_time, FORCE_REACH * point.loaded_gap


MOST_LOOP = 0.7
"""Loop gain of a gaugemeter, compensation times the share of a force in the gap: a mill 40 % softer than believed is stable
still (assumed)."""


def believed_friction(d: Disturbances, nip: Nip) -> float:
    """Friction of a hydraulic, backlash of an electromechanical axis as the drive believes it [m]."""
    return d.actuators.stick_slip if nip.actuator == "hydraulic" else d.actuators.backlash


def _drive(limits: MachineLimits, d: Disturbances, nip: Nip, k: int, setup: SetUp, twin: Twin) -> None:
    """What the drive of nip k believes; nothing learnt."""
    point, own, r, hydraulic = setup.nips[k], twin.drives[k], twin.rolls[k], nip.actuator == "hydraulic"
    own["stick"], own["force_nominal"] = believed_friction(d, nip), point.force
    own["compliance"] = from_python(width_compliance)(r["inv_mill"], r["bending"])
    own["film"] = d.bearings.clearance if nip.oppose_growth else 0.0
    own["as_gap"] = own["compliance"] + r["inv_mill"] * point.gap_transfer / (1.0 - point.gap_transfer)
    own["cancel"] = 1.0 if nip.oppose_run_out and hydraulic else 0.0
    own["growth"], own["thermal_lag"] = growth(nip.roll_diameter, 1.0), THERMAL_LAG
    own["thermal_share"] = 1.0 if nip.oppose_growth else 0.0
    own["chock"], own["margin"], own["bending"] = point.chock_gap, point.contact_margin, point.bending_force
    own["bending_influence"], own["margin_least"] = nip.bending_influence, limits.contact_margin_min
    own["margin_kept"] = limits.contact_margin_min + limits.contact_allowance
    own["force_limit"] = min(nip.max_force, nip.max_line_load * r["width"])
    r["compensation"] = min(nip.gaugemeter, MOST_LOOP * own["as_gap"] / own["compliance"])
    anew = from_python(forget_run_out)
    anew(own["x"], own["P"])


def _lanes(line: Line, layout: Layout, twin: Twin) -> None:
    web, lanes = line.web, line.web.lanes
    edges = np.linspace(0.0, web.film_width, lanes + 1)
    low = 0.5 * (web.film_width - web.kept_width)
    begin, end = np.maximum(edges[:-1], low), np.minimum(edges[1:], web.film_width - low)
    share = np.clip((end - begin) / (edges[1:] - edges[:-1]), 0.0, 1.0)
    share[share < 1e-9] = 0.0
    share[share > 1.0 - 1e-9] = 1.0
    twin.keep[:] = share
    twin.cover[:] = 1.0
    if line.trimmed_film:
        twin.cover[layout.electrode] = share
    for k, chain in enumerate(twin.rolls["chain"]):
        covered = np.where((twin.cover[chain] > 0.0) & (twin.cover[chain] < 1.0), 0.5 * (begin + end), lane_centres(line))
        twin.eta[k] = (2.0 * covered - web.film_width) / twin.rolls["width"][k]
    twin.shape[:] = 1.0 - twin.eta**2
    twin.inv_cover[:] = 1.0 / np.where(twin.cover > 0.0, twin.cover, 1.0)
    twin.granules[:, 0] = edges[:-1] / PLACE
    twin.granules[:, 1] = edges[1:] / PLACE


def _at_rest(setup: SetUp, twin: Twin) -> None:
    twin.clocks["granule_row"] = -2
    twin.clocks["weigh_factor"] = 1.0
    twin.nips["yield_factor"] = 1.0
    twin.nips["length"] = 1.0
    twin.across[:, [SOLID, COMING_SOLID]] = NOTHING
    twin.across[:, [DENSE, RELEASED, COMING_DENSE, COMING_RELEASED]] = EMPTY
    for k, point in enumerate(setup.nips):
        r = twin.rolls[k]
        twin.nips["ratio"][k] = point.speed_ratio
        relieved = r["compensation"] * twin.drives["compliance"][k] * point.force
        rest = point.loaded_gap - r["inv_mill"] * point.force + relieved + 1e-3
        for side in range(2):
            twin.nips["axis"][k, side, 0] = rest - r["position_offset"][side]
            twin.nips["axis"][k, side, 2] = rest
            twin.drives["axis"][k, side, 0] = rest
            twin.drives["axis"][k, side, 4] = twin.drives["stick"][k]
        twin.across[k, H] = rest
        twin.nips["gap"][k] = rest


def bed_relative_density(recipe: Recipe, areal_mass: float) -> float:
    """Relative density of the loose bed: solid thickness over bed thickness."""
    return areal_mass / recipe.true_density / bed_thickness(areal_mass, recipe.powder.bulk_density)


def lane_centres(line: Line) -> Array:
    """Lane centres [m] from the drive edge of the film."""
    edges = np.linspace(0.0, line.web.film_width, line.web.lanes + 1)
    centres: Array = 0.5 * (edges[1:] + edges[:-1])
    return centres
