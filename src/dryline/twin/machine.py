"""The twin of a line behind the door: powder side, web and gauges advance one control tick at each exchange.

The exchange is lockstep: commands are clipped to their ranges (the command envelope of the drives), the slow disturbances
move on their own clocks, the powder side and the web advance by one tick, the gauges look, and the readings come back.
True values are in `truth`; control cannot reach them.
"""

from __future__ import annotations

import math
import struct

import numpy as np

from dryline.kernel import fill_normals, key_of
from dryline.line.disturbances import Disturbances
from dryline.line.machine import Capabilities, Commands, Readings
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK, commands_of, readings_of, segments_of, truth_of
from dryline.line.web_record import Accounts, MetreBatch
from dryline.materials.recipe import Recipe
from dryline.mechanics.thermal import growth
from dryline.process.compaction import virgin
from dryline.process.thinning import drive_power
from dryline.process.web import break_hazard, break_tension, film_strength, transfer_units, warmed
from dryline.twin import powder_state as ps
from dryline.twin.disturbances import (
    FOIL_GRID,
    SEGMENT_GRID,
    TENSION_GRID,
    Draw,
    SlowDisturbances,
    Wander,
    drawn,
    lane_interpolation,
)
from dryline.twin.gauges import web_mass
from dryline.twin.kernels import advance_web
from dryline.twin.layout import FULL_CELL, bed_relative_density, build, lane_centres, layout_of
from dryline.twin.powder import advance_powder, start_powder
from dryline.twin.powder_parameters import powder_parameters
from dryline.twin.state import AFTER, BEFORE, COMMAND, COMPONENTS, FILM_LENGTH, MASS_A, MASS_B, METRE, SOLID_LENGTH, Array
from dryline.twin.watch import ScanningGauge, film_gauges

OPEN = 1e-3
"""Opening of an opened nip [m] (assumed)."""
ACCELERATION = 0.2
"""Largest change of the line speed that the drives follow [m/s2] (assumed)."""
CHILLER = 3.0
"""Heat removed per electric energy of the jacket's chiller (assumed)."""
LOSS = 15.0
"""Heat-transfer coefficient of hot rolls to the hall, convection and radiation [W/(m2 K)] (assumed)."""
WINDER_LOSS = 800.0
"""Standing loss of unwinder and winder drives [W] (assumed)."""
METERING_POWER = 750.0
"""Drive of a metering roll with its distributor [W] (assumed)."""
HEAD = struct.Struct("<qqd")


class TwinMachine:
    """A line made of process and drives, as a `Machine`.

    Parameters
    ----------
    line, recipe, setup, disturbances : what is imitated; seed : of the disturbances; machine_seed : of the hidden
    truths of this machine (default: the seed); full : lanes in every step and 1 mm cells; dt : step [s];
    cell : length of a material cell [m] (default of the line file, or 1 mm at full rate); cold : start from hall
    temperature instead of hot rolls.
    """

    def __init__(
        self, line: Line, recipe: Recipe, setup: SetUp, disturbances: Disturbances, seed: int = 1, *,
        machine_seed: int | None = None, full: bool = False, dt: float = 1e-3, cell: float | None = None,
        cold: bool = False,
    ) -> None:  # fmt: skip
        self.line, self.recipe, self.setup, self.d, self.seed = line, recipe, setup, disturbances, seed
        self.line_nips = line.nips
        self.capabilities = Capabilities("set points", TICK, lockstep=True)
        self.commands, self.readings, self.truth_tags = commands_of(line), readings_of(line), truth_of(line)
        self.truth = np.zeros(self.truth_tags.size)
        self.full, self.dt, self.steps = full, dt, round(TICK / dt)
        if abs(self.steps * dt - TICK) > 1e-12:
            raise ValueError(f"the step {dt} s does not divide the tick of {TICK} s")
        machine_seed = seed if machine_seed is None else machine_seed
        cell = cell or (FULL_CELL if full else line.web.cell)
        self.layout = layout_of(line, setup, cell)
        nips, sides = self.layout.nips, self.layout.sides
        gauges = (*(g.name for g in line.of_kind("film_gauge")), line.of_kind("thickness_gauge")[0].name)
        self.segments = segments_of(line, sides[0])
        noise_segments = max(1, round(line.web.film_width / self.d.distribution.segment_width))
        k = len(nips)
        more = {
            "roll": ((k, 4), np.float64), "segments": ((len(sides), 2, noise_segments), np.float64),
            "foil": ((2,), np.float64), "pair": ((len(gauges) + 1, 3), np.float64), "areal": ((len(gauges) + 1,), np.float64),
            "frame": ((1,), np.float64), "roll_set": ((k, 2), np.float64), "fed_turns": ((4,), np.float64),
            **ps.powder_fields(line, TICK),
        }  # fmt: skip
        self.arena, self.twin = build(
            line, recipe, setup, disturbances, seed, machine_seed, self.layout, self.steps, round(TICK * 1000), more
        )
        self.wander: Wander = self.arena.view(Wander)
        self.powder: ps.PowderState = self.arena.view(ps.PowderState)
        self.powder_parameters = powder_parameters(line, recipe, setup, disturbances, seed, TICK)
        centres = lane_centres(line)
        self.slow = SlowDisturbances(
            disturbances, seed, nips, sides, (*gauges, line.of_kind("scanner")[0].name), line.web.film_width, centres,
            self.wander,
        )  # fmt: skip
        self.segment_lanes = lane_interpolation(
            (np.arange(self.segments) + 0.5) * line.web.film_width / self.segments, centres
        )
        self.film_gauges = film_gauges(line, self.layout, disturbances, seed)
        self.scanner = ScanningGauge(line.of_kind("scanner")[0].name, len(gauges), line, self.layout, disturbances, seed)
        self.noise_keys = (key_of(seed, "gap sensors"), key_of(seed, "load cells"))
        self.tension_draw = Draw(seed, "web/tension", k + 2)
        self.break_draw = Draw(seed, "web/break", k)
        self.hall_draw = Draw(seed, "hall/sensor", 1)
        self.roll_draw = Draw(seed, "roll temperature sensors", k)
        self.roll_bias = disturbances.roll_temperature.sensor_bias * drawn(machine_seed, "roll sensors", k, True)
        self.hall_bias = disturbances.frame.sensor_bias * drawn(machine_seed, "hall sensor", 1, True)[0]
        self.scale_gain = 1.0 + disturbances.metering.scale_gain * drawn(machine_seed, "metering scales", len(sides))
        self.yield_truth = 1.0 + disturbances.plant.yield_pressure * drawn(machine_seed, "yield pressure", 1)[0]
        self.modulus_truth = 1.0 + disturbances.spring_back.modulus * drawn(machine_seed, "recovery modulus", 1, True)[0]
        self.profile_shapes = np.array([np.cos((m + 1) * math.pi * 0.5 * (self.twin.eta + 1.0)) for m in range(3)])
        self.weighed = np.zeros(len(sides))
        self.broken = ""
        self._index = 0
        self._taken = np.zeros(len(COMPONENTS))
        self._before = np.zeros(len(self.twin.chains), dtype=np.int64)
        self._command = np.zeros(self.commands.size)
        self._low = np.concatenate([np.full(t.size, t.low) for t in self.commands.tags])
        self._high = np.concatenate([np.full(t.size, t.high) for t in self.commands.tags])
        self._metres: list[MetreBatch] = []
        self._wound = 0.0
        self._places()
        self._start(cold)

    def _places(self) -> None:
        c, r, t, line = self.commands, self.readings, self.truth_tags, self.line
        self._nip_commands = np.array(
            [
                [c.index(f"{n}/{what}") for what in ("gap", "tilt", "bending_force", "speed_ratio", "roll_temperature", "open")]
                for n in self.layout.nips
            ]
        )
        metering = {m.side: m.name for m in line.of_kind("metering")}
        self._rates = [c.index(f"{metering[s]}/rate") for s in self.layout.sides]
        self._segments = [c.slice(f"{metering[s]}/segments") for s in self.layout.sides]
        feeders: dict[str, str] = {f.component: f.name for f in line.feeders}
        self._feeders = [feeders[name] for name in ps.COMPONENTS]
        self._screws = [c.index(f"{name}/screw_speed") for name in self._feeders]
        machine = line.of_kind("fibrillator")[0].name
        self._work, self._jacket = c.index(f"{machine}/work"), c.index(f"{machine}/jacket_temperature")
        winder, unwinder = line.of_kind("winder")[0].name, line.of_kind("foil_unwinder")[0].name
        self._roll, self._product = c.index(f"{winder}/roll"), c.index(f"{winder}/product")
        self._tension = (c.index(f"{unwinder}/tension"), c.index(f"{winder}/tension"))
        self._truth_at = np.array([t.index(f"{n}/loaded_gap") for n in self.layout.nips])
        self._reading_at = [
            [r.index(f"{n}/{what}") for what in ("position", "force", "roll_temperature", "speed", "power", "tension")]
            for n in self.layout.nips
        ]
        self._tag_number = {tag.path: n for n, tag in enumerate(r.tags)}

    def _start(self, cold: bool) -> None:
        start_powder(self.powder_parameters, self.powder)
        self.slow.start()
        roll_set = self.arena.arrays["roll_set"]
        for k, nip in enumerate(self.setup.nips):
            roll_set[k, 0] = self.line.hall.temperature if cold else nip.roll_temperature
            roll_set[k, 1] = nip.roll_temperature
            self.twin.nip_in["ratio"][k] = nip.speed_ratio
            self.twin.nip_in["gap"][k] = nip.loaded_gap
            self.twin.nip_in["opened"][k] = OPEN
            self.twin.nip_in["root_R"][k] = math.sqrt(nip.contact_radius)
        for c in range(len(self.layout.sides)):
            self.twin.spread[c, BEFORE : AFTER + 1] = self.slow.spread[c]
        self._second(0)

    # state --------------------------------------------------------------------------------------------------------
    def snapshot(self) -> bytes:
        """The whole state of the twin as bytes; `restore` puts it back."""
        extra = np.concatenate([self.weighed, *(g.mastered for g in self.film_gauges), self._before.astype(float)])
        return HEAD.pack(self._index, extra.size, self._wound) + extra.tobytes() + self.arena.snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Go on from a snapshot of a twin of the same line, recipe, disturbances and seed."""
        self._index, size, self._wound = HEAD.unpack_from(snapshot)
        extra = np.frombuffer(snapshot, dtype=np.float64, count=size, offset=HEAD.size)
        n = self.weighed.size
        self.weighed = extra[:n].copy()
        for g, gauge in enumerate(self.film_gauges):
            gauge.mastered = extra[n + 3 * g : n + 3 * g + 3].copy()
        self._before = extra[n + 3 * len(self.film_gauges) :].astype(np.int64)
        self.arena.restore(snapshot[HEAD.size + 8 * size :])
        self.slow.refresh()

    # the tick -----------------------------------------------------------------------------------------------------
    def exchange(self, commands: Commands) -> Readings:
        """Advance by one tick under the commands (clipped to their ranges; what is not finite keeps its last value)."""
        values = np.asarray(commands.values, dtype=np.float64)
        if values.shape != (self.commands.size,):
            raise ValueError(f"expected {self.commands.size} command values, got {values.shape}")
        values = np.where(np.isfinite(values), values, self._command)
        self._command = np.minimum(np.maximum(values, self._low), self._high)
        tick = self._index
        if tick % 10 == 0:
            self._second(tick // 10)
        self._orders(tick)
        self._before[:] = self.twin.clocks["ticks"]
        self.twin.clocks["taken"] = 0.0
        self.twin.clocks["metered"] = 0.0
        advance_web(self.steps, self.dt, self.full, self.twin)
        self._weigh()
        taken = float(self.twin.clocks["taken"].sum())
        screws = self._command[self._screws]
        advance_powder(
            self.powder_parameters, self.powder, screws, float(self._command[self._work]),
            float(self._command[self._jacket]), taken, tick,
        )  # fmt: skip
        self._collect()
        self._index = tick + 1
        self._true_values()
        self._break(tick)
        return self._read(commands.sequence, tick)

    def _second(self, second: int) -> None:
        """What moves once a second: roll temperatures, growth, virgin curves."""
        if second > 0:
            self.slow.second(second)
        roll_set, wander = self.arena.arrays["roll_set"], self.wander
        quality = self.powder.powder_quality
        exponent = float(np.clip(quality[ps.COMPRESSIBILITY], 8.0, 14.9))
        c = self.recipe.compaction
        powder = float(self.powder.powder_reading[ps.MACHINE_TEMPERATURE])
        arriving: dict[str, float] = {}
        for k, nip in enumerate(self.line_nips):
            share = 1.0 - math.exp(-1.0 / nip.thermal_time)
            roll_set[k, 0] += share * (roll_set[k, 1] - roll_set[k, 0])
            profile = wander.roll[k, 0] + wander.roll[k, 1:] @ self.profile_shapes
            change = roll_set[k, 0] - self.setup.nips[k].roll_temperature + profile
            point = self.setup.nips[k]
            load = point.crown + self._bending(k)
            self.twin.base[k] = -load * self.twin.shape + growth(nip.roll_diameter, 1.0) * change
            mass = point.areal_mass_out / (2.0 if nip.side == "AB" else 1.0)
            contact = nip.wrap / max(float(self.twin.nips["speed"][k]), 0.05)
            units = transfer_units(nip.wrap_contact, contact, mass, self.recipe.fibrillation.c_p)
            before = arriving.get(nip.side, max(arriving.values()) if nip.side == "AB" else powder)
            warm = warmed(before, roll_set[k, 0] + wander.roll[k, 0], units)
            arriving[nip.side] = warm
            cold, hot = c.temperature
            x = (warm - cold) / (hot - cold)
            K = exponent if nip.kind == "powder_nip" else self.recipe.powder.compressibility
            v = virgin(
                (c.P_y[0] + x * (c.P_y[1] - c.P_y[0])) * self.yield_truth,
                (c.E_el[0] + x * (c.E_el[1] - c.E_el[0])) * self.modulus_truth,
                min(max(c.eps_A[0] + x * (c.eps_A[1] - c.eps_A[0]), 0.3), 0.7), K,
            )  # fmt: skip
            self.twin.nip_in["virgin"][k] = v[:7]
            self.twin.nip_in["beta"][k] = v.beta
        self.twin.nip_in["lift"] = self.d.frame.growth * wander.frame[0]

    def _bending(self, k: int) -> float:
        nip = self.line_nips[k]
        force = self._command[self._nip_commands[k, 2]] if self._index else self.setup.nips[k].bending_force
        return float(force * nip.bending_influence)

    def _orders(self, tick: int) -> None:
        """Hand commands, powder and fast disturbances of this tick to the web kernel."""
        twin, d, command = self.twin, self.d, self._command
        nip_in, told = twin.nip_in, twin.line_in
        at = self._nip_commands
        nip_in["gap"], nip_in["tilt"] = command[at[:, 0]], command[at[:, 1]]
        nip_in["ratio"] = np.where(command[at[:, 3]] > 0.0, command[at[:, 3]], nip_in["ratio"])
        nip_in["opened"] = OPEN * (command[at[:, 5]] > 0.5)
        self.arena.arrays["roll_set"][:, 1] = command[at[:, 4]]
        told["speed"] = 0.0 if self.broken else command[self.commands.index("line/speed")]
        told["acceleration"] = ACCELERATION
        quality = self.powder.powder_quality
        share = self.powder.powder_composition
        told["share"][0] = share
        told["fibril"][0] = self.powder.powder_fibrils
        told["volume"] = self._volume(share)
        told["density"] = quality[ps.BULK_DENSITY]
        told["yield_factor"] = quality[ps.YIELD_PRESSURE]
        told["air"] = d.air.density_loss_per_speed
        bed = bed_relative_density(self.recipe, 1.0) * quality[ps.BULK_DENSITY] / self.recipe.powder.bulk_density
        half, second = tick * TICK / SEGMENT_GRID, tick // 10
        if tick and abs(half - round(half)) < 1e-9:
            self.slow.half_second(round(half))
        told["spread_time"] = math.floor(half + 1e-9) * SEGMENT_GRID
        told["spread_step"] = SEGMENT_GRID
        for c in range(len(self.layout.sides)):
            twin.chain_in["rate"][c] = command[self._rates[c]]
            twin.chain_in["bed_density"][c] = bed
            twin.chain_in["metering_noise"][c] = d.metering.white * self.slow.metering[c].normal(second)[0]
            twin.spread[c, BEFORE : AFTER + 1] = self.slow.spread[c]
            trim = self.segment_lanes @ command[self._segments[c]]
            twin.spread[c, COMMAND] = trim - trim.mean()
        travelled = float(twin.clocks["ticks"][self.layout.electrode] * twin.chains["cell"][self.layout.electrode])
        metre = int(travelled / FOIL_GRID)
        while self._foil_index() < metre:
            self.arena.arrays["fed_turns"][0] += 1.0
            self.slow.foil_metre(self._foil_index())
        mix = travelled / FOIL_GRID - metre
        nominal = self.line.of_kind("foil_unwinder")[0].thickness
        told["foil"] = nominal * (1.0 + (1.0 - mix) * self.wander.foil[0] + mix * self.wander.foil[1])
        pull = self.tension_draw.normal(int(tick * TICK / TENSION_GRID))
        for k, nip in enumerate(self.setup.nips):
            nip_in["tension"][k] = nip.span_tension * (1.0 + d.tension.white * pull[k])
            noise = self.slow.speed[k]
            nip_in["speed_noise"][k, 0] = d.drives.white * noise.normal(tick)[0]
            nip_in["speed_noise"][k, 1] = d.drives.white * noise.normal(tick + 1)[0]
        first = tick * twin.noise.shape[1]
        fill_normals(self.noise_keys[0], first, twin.noise[0])
        fill_normals(self.noise_keys[1], first, twin.noise[1])

    def _foil_index(self) -> int:
        return int(self.arena.arrays["fed_turns"][0])

    def _volume(self, share: Array) -> float:
        densities = [self.recipe.component(name).material.true_density for name in COMPONENTS[:3]]
        return float(sum(share[m] / densities[m] for m in range(3)))

    def _weigh(self) -> None:
        """Weighing of the nip metering: filtered flow, and the drive's correction over the weighing window."""
        for c, side in enumerate(self.layout.sides):
            metering = next(m for m in self.line.of_kind("metering") if m.side == side)
            flow = self.twin.clocks["metered"][c] / TICK * self.scale_gain[c]
            self.weighed[c] += min(TICK / 1.0, 1.0) * (flow - self.weighed[c])
            k = int(self.twin.chains["nips"][c, 0])
            wanted = self.twin.chain_in["rate"][c] * self.twin.nips["speed"][k]
            if wanted > 1e-3 and self.weighed[c] > 1e-3:
                error = (wanted - self.weighed[c]) / wanted
                factor = self.twin.clocks["weigh_factor"][c] * (1.0 + TICK / metering.weigh_window * error)
                self.twin.clocks["weigh_factor"][c] = min(max(factor, 0.7), 1.4)

    # out ----------------------------------------------------------------------------------------------------------
    def _collect(self) -> None:
        """Take the finished metres out of their slots; the one in the making becomes the first."""
        twin = self.twin
        n = int(twin.line["metres"][0])
        if n:
            self._metres.append(self._batch(n))
            twin.metres[0] = twin.metres[n]
            twin.metre_lanes[0] = twin.metre_lanes[n]
            twin.metres[1:] = np.zeros(1, METRE)
            twin.metre_lanes[1:] = 0.0
            twin.line["metres"] = 0

    def _batch(self, n: int) -> MetreBatch:
        twin, kept = self.twin, self.twin.keep > 0.0
        rows, lanes = twin.metres[:n], twin.metre_lanes[:n][:, :, kept]
        length = rows["length"].copy()
        area = length[:, None] * twin.line_in["lane_width"][0] * twin.keep[kept]
        film, solid = lanes[:, FILM_LENGTH], lanes[:, SOLID_LENGTH]
        coated = film > 0.0
        porosity = np.where(coated, 1.0 - solid / np.where(coated, film, 1.0), 0.0)
        fibril = rows["fibril"][:, 0] / np.where(rows["fibril"][:, 1] > 0.0, rows["fibril"][:, 1], 1.0)
        s = self.recipe.strength
        strength = film_strength(
            fibril[:, None], 1.0 - porosity, self.recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0
        )
        start = self._wound + np.concatenate(([0.0], np.cumsum(length)[:-1]))
        self._wound += float(length.sum())
        last = len(self.layout.nips) - 1
        return MetreBatch(
            start=start, length=length, time=rows["time"].copy(), speed=np.full(n, twin.nips["speed"][last]),
            roll=np.full(n, max(round(float(self._command[self._roll])), 1), dtype=np.int32),
            product=np.full(n, self._command[self._product] > 0.5), state=np.zeros(n, dtype=np.int16),
            areal_mass_a=lanes[:, MASS_A] / area, areal_mass_b=lanes[:, MASS_B] / area,
            thickness=film / length[:, None] + (rows["foil"] / length)[:, None], porosity=porosity,
            strength=np.where(coated, strength, 0.0), kept_kg=rows["share"].copy(), trim_kg=rows["trim"].copy(),
        )  # fmt: skip

    def finished_web(self, *, last: bool = False) -> MetreBatch | None:
        """Web wound since the last call, a row a metre; with `last` the open metre too (end of a run)."""
        if last and self.twin.metres["length"][0] > 1e-9:
            self.twin.metres["time"][0] = self.twin.line["clock"][0]
            self._metres.append(self._batch(1))
            self.twin.metres[0] = np.zeros(1, METRE)[0]
            self.twin.metre_lanes[0] = 0.0
        if not self._metres:
            return None
        found, self._metres = self._metres, []
        if len(found) == 1:
            return found[0]
        fields = {name: np.concatenate([getattr(b, name) for b in found]) for name in found[0].__dataclass_fields__}
        return MetreBatch(**fields)

    def accounts(self) -> Accounts:
        """Fed, vapour and stored mass of every component, each summed from its own source."""
        account = self.powder.powder_account
        stored = np.zeros(len(COMPONENTS))
        web_mass(
            self.twin.clocks, self.twin.chains, self.twin.mass, self.twin.cells, self.twin.merge, self.twin.metres,
            stored,
        )  # fmt: skip
        waiting = sum((b.kept_kg.sum(axis=0) + b.trim_kg.sum(axis=0) for b in self._metres), np.zeros(len(COMPONENTS)))
        return Accounts(
            account[ps.FED].copy(), account[ps.VAPOUR].copy(), ps.powder_stored(self.powder) + stored + waiting
        )

    def margins(self) -> Array:
        """Contact margin of every nip [m]: smallest gap over the width if the film vanished now, run-out deducted."""
        nips, r = self.twin.nips, self.twin.rolls
        chock = 0.5 * nips["axis"][:, :, 0].sum(axis=1) + self.twin.nip_in["lift"] + r["clearance"] * nips["speed"]
        tilt = r["tilt_arm"] * (nips["axis"][:, 1, 0] - nips["axis"][:, 0, 0])
        gap = chock[:, None] + tilt[:, None] * self.twin.eta + self.twin.base
        margin: Array = gap.min(axis=1) - r["runout_most"]
        return margin

    def _true_values(self) -> None:
        twin, t, truth, at = self.twin, self.truth_tags, self.truth, self._truth_at
        nips, n = twin.nips, self.steps
        foil = twin.rolls["foil"] * twin.line_in["foil"][0]
        force = nips["tick_sum"][:, 2] / n
        roll = self.arena.arrays["roll_set"][:, 0] + self.wander.roll[:, 0]
        width = self.line.web.film_width
        columns = (
            nips["tick_sum"][:, 0] / n + foil, twin.nip_in["gap"], nips["tick_sum"][:, 1] / n, self.margins(), force,
            force / width, nips["peak"], nips["residual"], nips["iterations"], roll, self._drive_power(force),
            self._heating(roll),
        )  # fmt: skip
        for offset, column in enumerate(columns):
            truth[at + offset] = column
        power = self.powder.powder_power
        for i, name in enumerate(self._feeders):
            truth[t.index(f"{name}/power")] = power[i]
        line = self.line
        truth[t.index(f"{line.of_kind('mixer')[0].name}/power")] = power[ps.MIXER]
        machine = line.of_kind("fibrillator")[0].name
        truth[t.index(f"{machine}/power")] = power[ps.SHAFT]
        truth[t.index(f"{machine}/cooling_power")] = max(power[ps.JACKET_HEAT], 0.0) / CHILLER
        speed = float(nips["speed"][-1])
        for m in line.of_kind("metering"):
            truth[t.index(f"{m.name}/power")] = METERING_POWER if speed > 0.0 else 0.0
        for kind in ("foil_unwinder", "winder"):
            station = line.of_kind(kind)[0]
            pulled = station.tension * width * speed if kind == "winder" else 0.0
            truth[t.index(f"{station.name}/power")] = pulled + (WINDER_LOSS if speed > 0.0 else 0.0)

    def _drive_power(self, force: Array) -> Array:
        nips = self.twin.nips
        reduction = [max(p.thickness_in - p.thickness_out, 0.0) for p in self.setup.nips]
        return np.array(
            [
                drive_power(float(force[k]), 0.5 * nip.roll_diameter, reduction[k], float(nips["speed"][k]))
                for k, nip in enumerate(self.line_nips)
            ]
        )

    def _heating(self, roll: Array) -> Array:
        """Heat into the rolls [W]: loss of two rolls to the hall, film warmed to the roll, and heat-up."""
        hall = self.line.hall.temperature
        roll_set = self.arena.arrays["roll_set"]
        watts = np.zeros(len(self.line_nips))
        arriving: dict[str, float] = {}
        for k, nip in enumerate(self.line_nips):
            before = arriving.get(nip.side, hall + 0.5 * (self.setup.fibrillator_temperature - hall))
            before = max(arriving.values(), default=before) if nip.side == "AB" else before
            arriving[nip.side] = float(roll[k])
            area = 2.0 * math.pi * nip.roll_diameter * nip.face_width
            flow = self.setup.nips[k].areal_mass_out * self.line.web.film_width * float(self.twin.nips["speed"][k])
            film = flow * self.recipe.fibrillation.c_p * max(float(roll[k]) - before, 0.0)
            gain = (roll_set[k, 1] - roll_set[k, 0]) / nip.thermal_time
            steel = 2.0 * 7850.0 * 0.25 * math.pi * nip.roll_diameter**2 * nip.face_width * 460.0 * 0.3
            watts[k] = LOSS * area * max(float(roll[k]) - hall, 0.0) + film + max(gain, 0.0) * steel
        return watts

    def _break(self, tick: int) -> None:
        """Draw web breaks once a second from the hazard of tension over strength."""
        if tick % 10 or self.broken or self.d.breaks.hazard_per_hour <= 0.0:
            return
        luck = self.break_draw.uniform(tick // 10)
        s = self.recipe.strength
        fibril = float(self.twin.line_in["fibril"][0][1])
        for k, point in enumerate(self.setup.nips):
            if point.span_tension <= 0.0 or self.twin.nips["tension"][k] <= 0.0 or self.twin.nips["speed"][k] <= 0.0:
                continue
            before = self.setup.nips[k - 1]
            strength = film_strength(
                fibril, 1.0 - before.porosity_out, self.recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0
            )
            thick = point.thickness_in / (2.0 if point.side == "AB" else 1.0)
            limit = float(break_tension(strength, thick))
            hazard = break_hazard(
                float(self.twin.nips["tension"][k]), limit, self.d.breaks.hazard_per_hour / 3600.0, self.d.breaks.exponent
            )
            if luck[k] < 1.0 - math.exp(-hazard):
                self.broken = point.name
                return

    def _read(self, sequence: int, tick: int) -> Readings:
        r, twin, d = self.readings, self.twin, self.d
        values = np.zeros(r.size)
        quality = np.zeros(len(r.tags), dtype=np.uint8)
        time = (tick + 1) * TICK
        nips, rolls = twin.nips, twin.rolls
        white = self.roll_draw.normal(tick // 10)
        tick_roll = self.truth[self._truth_at + 9]
        power = self.truth[self._truth_at + 10]
        for k in range(len(self.layout.nips)):
            at = self._reading_at[k]
            values[at[0] : at[0] + 2] = nips["axis"][k, :, 2]
            lever = nips["moment"][k] * rolls["tilt_arm"][k]
            load = 0.5 * nips["force"][k] + np.array([-lever, lever])
            noise = rolls["force_noise"][k] * twin.noise[1, -1, 2 * k : 2 * k + 2]
            values[at[1] : at[1] + 2] = load * (1.0 + rolls["force_gain"][k]) + noise
            values[at[2]] = tick_roll[k] + self.roll_bias[k] + d.roll_temperature.sensor_white * white[k]
            values[at[3]] = nips["speed"][k] / (1.0 + rolls["ratio_error"][k])
            values[at[4]] = power[k]
            values[at[5]] = 0.0 if self.broken else nips["tension"][k]
        feeder = self.powder.powder_feeder
        for i, name in enumerate(self._feeders):
            values[r.index(f"{name}/weight")] = feeder[ps.WEIGHT, i]
            values[r.index(f"{name}/screw_speed")] = feeder[ps.SPEED, i]
            values[r.index(f"{name}/refilling")] = feeder[ps.REFILLING, i]
        line, reading = self.line, self.powder.powder_reading
        machine = line.of_kind("fibrillator")[0].name
        values[r.index(f"{machine}/temperature")] = reading[ps.MACHINE_TEMPERATURE]
        values[r.index(f"{machine}/power")] = self.powder.powder_power[ps.SHAFT]
        values[r.index(f"{machine}/jacket_temperature")] = reading[ps.JACKET_TEMPERATURE]
        values[r.index(f"{line.of_kind('surge_hopper')[0].name}/level")] = reading[ps.LEVEL]
        for c, side in enumerate(self.layout.sides):
            name = next(m for m in line.of_kind("metering") if m.side == side).name
            values[r.index(f"{name}/flow")] = self.weighed[c]
        for gauge in self.film_gauges:
            last = int(twin.chains["nips"][gauge.chain, 1]) - 1
            areal, thick = gauge.look(
                tick, int(self._before[gauge.chain]), twin.nip_in["virgin"][last], self.wander, twin
            )
            values[r.slice(f"{gauge.name}/thickness")] = gauge.thickness
            quality[self._tag_number[f"{gauge.name}/thickness"]] = 0 if thick else 2
            if gauge.pixels:
                values[r.slice(f"{gauge.name}/areal_mass")] = gauge.profile
                quality[self._tag_number[f"{gauge.name}/areal_mass"]] = 0 if areal else 2
        good = self.scanner.look(tick, int(self._before[self.scanner.chain]), self.wander, twin)
        values[r.index(f"{self.scanner.name}/position")] = self.scanner.position
        values[r.slice(f"{self.scanner.name}/areal_mass")] = self.scanner.boxes
        quality[self._tag_number[f"{self.scanner.name}/areal_mass"]] = 0 if good else 2
        pull = self.tension_draw.normal(int(tick * TICK / TENSION_GRID))[-2:]
        winder, unwinder = line.of_kind("winder")[0].name, line.of_kind("foil_unwinder")[0].name
        turn = d.tension.unwinder * math.sin(float(nips["angle"][-1, 0]))
        values[r.index(f"{unwinder}/tension")] = self._command[self._tension[0]] * (1.0 + d.tension.white * pull[0] + turn)
        values[r.index(f"{winder}/tension")] = self._command[self._tension[1]] * (1.0 + d.tension.white * pull[1])
        values[r.index(f"{winder}/length")] = twin.line["wound"][0]
        values[r.index(f"{winder}/speed")] = nips["speed"][-1]
        hall = line.hall.temperature + self.slow.hall(time) + self.hall_bias
        values[r.index("hall/temperature")] = hall + d.frame.sensor_white * self.hall_draw.normal(tick // 10)[0]
        return Readings(sequence, time, values, quality, np.full(len(r.tags), time))

