"""The twin of a line behind the door: powder side, web and gauges advance one control tick at each exchange.

The exchange is lockstep: commands are clipped to their ranges (the command envelope of the drives), the slow disturbances
move on their own clocks, the powder side and the web advance by one tick, the gauges look, and the readings come back.
True values are in `truth`; control cannot reach them.
"""

from __future__ import annotations

import math

import numpy as np

from dryline.drives.interlocks import FINE, STREAM
from dryline.line.disturbances import Disturbances
from dryline.line.hidden import HiddenTruth
from dryline.line.machine import Capabilities, Commands, Readings
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK, commands_of, readings_of, truth_of
from dryline.line.web_record import Accounts, MetreBatch
from dryline.materials.recipe import Recipe
from dryline.process.auxiliaries import chiller_power
from dryline.process.feeding import METERING_POWER
from dryline.process.forming import nip_angle
from dryline.process.sulfide import conductivity_left, gas_fraction
from dryline.twin import powder_state as ps
from dryline.twin.auxiliaries import STILL, Auxiliaries
from dryline.twin.axes import OPEN
from dryline.twin.breaks import BreakHazard
from dryline.twin.disturbances import FOIL_GRID, SEGMENT_GRID, Draw, SlowDisturbances, Wander, drawn
from dryline.twin.faults import Faults
from dryline.twin.gauges import web_mass
from dryline.twin.heat import Ahead, RollHeat
from dryline.twin.hidden import hidden_truths
from dryline.twin.kernels import advance_web
from dryline.twin.layout import FULL_CELL, bed_relative_density, build, lane_centres, layout_of
from dryline.twin.orders import NoiseSources, hand_over, noise_fields, noise_sources, specific_volumes, take
from dryline.twin.places import Places
from dryline.twin.powder import advance_powder
from dryline.twin.powder_parameters import powder_parameters
from dryline.twin.powder_start import start_powder
from dryline.twin.quality import WebQuality
from dryline.twin.readings import Sensors, observe, sensor_fields, wire
from dryline.twin.state import AFTER, BEFORE, COMPONENTS, Array
from dryline.twin.watch import Watch, gauge_names, stand, watch_fields
from dryline.twin.web_drives import Rolls, WebDrives, web_drive_fields
from dryline.twin.wound import WoundWeb
from dryline.twin.zeroing import ZERO, Zeroing

ACCELERATION = 0.2
"""Largest change of the line speed that the drives follow [m/s2] (assumed)."""
SILENCE = 1.0
"""Commands that do not move on for so long have stopped [s] (assumed)."""


class TwinMachine:
    """A line made of process and drives, as a `Machine`.

    Parameters
    ----------
    line, recipe, setup, disturbances : what is imitated; seed : of the disturbances; machine_seed : of the hidden
    truths of this machine (default: the seed); full : cells of 1 mm, lanes solved again after 10 nm; dt : step [s];
    cell : length of a material cell [m] (default of the line file, or 1 mm at full rate); cold : start from hall
    temperature instead of hot rolls.
    """

    def __init__(
        self, line: Line, recipe: Recipe, setup: SetUp, disturbances: Disturbances, seed: int = 1, *,
        machine_seed: int | None = None, full: bool = False, dt: float = 1e-3, cell: float | None = None,
        cold: bool = False,
    ) -> None:  # fmt: skip
        self.line, self.recipe, self.setup, self.d, self.seed = line, recipe, setup, disturbances, seed
        self.capabilities = Capabilities("set points", TICK, lockstep=True)
        self.commands, self.readings, self.truth_tags = commands_of(line), readings_of(line), truth_of(line)
        self.full, self.dt, self.steps = full, dt, round(TICK / dt)
        if abs(self.steps * dt - TICK) > 1e-12:
            raise ValueError(f"the step {dt} s does not divide the tick of {TICK} s")
        machine_seed = seed if machine_seed is None else machine_seed
        self.layout = layout_of(line, setup, cell or (FULL_CELL if full else line.web.cell))
        nips, sides, gauges = self.layout.nips, self.layout.sides, gauge_names(line)
        k, width = len(nips), line.web.film_width
        segments = max(1, round(width / self.d.distribution.segment_width))
        more = {
            "roll": ((k, 4), np.float64), "segments": ((len(sides), 2, segments), np.float64),
            "foil": ((2,), np.float64), "foil_metre": ((1,), np.int64), "pair": ((len(gauges) + 1, 3), np.float64),
            "areal": ((len(gauges) + 1,), np.float64), "frame": ((1,), np.float64), "roll_set": ((2, k), np.float64),
            "tick": ((1,), np.int64), "wound_length": ((1,), np.float64), "last_command": ((self.commands.size,), np.float64),
            "roll_core": ((k,), np.float64), "hall": ((1,), np.float64), "zero": ((k,), ZERO),
            "held_readings": ((self.readings.size,), np.float64), "stream": ((3,), np.int64),
            "truth": ((self.truth_tags.size,), np.float64), "broken": ((1,), np.int64),
            "base_step": ((k, line.web.lanes), np.float64), "virgin_step": ((k, 7), np.float64),
            "returned": ((ps.K,), np.float64),
            **watch_fields(line), **sensor_fields(line, len(sides)), **web_drive_fields(line),
            **noise_fields(line, len(sides)), **ps.powder_fields(line, TICK),
        }  # fmt: skip
        self.arena, self.twin = build(
            line, recipe, setup, disturbances, seed, machine_seed, self.layout, self.steps, round(TICK * 1000), more
        )
        arrays = self.arena.arrays
        self.wander: Wander = self.arena.view(Wander)
        self.watch: Watch = self.arena.view(Watch)
        self.sensors: Sensors = self.arena.view(Sensors)
        self.noise: NoiseSources = self.arena.view(NoiseSources)
        self.powder: ps.PowderState = self.arena.view(ps.PowderState)
        self._tick, self._command, self._roll_set = arrays["tick"], arrays["last_command"], arrays["roll_set"]
        self._foil_metre, self.truth, self._returned = arrays["foil_metre"], arrays["truth"], arrays["returned"]
        self._zero = Zeroing(line, disturbances, machine_seed, arrays["zero"], self.twin)
        self._hall, self._powder, self._speeds = arrays["hall"], self.powder.powder.view(np.float64), self.twin.nips["speed"]
        self.powder_parameters = powder_parameters(line, recipe, setup, disturbances, seed, TICK)
        centres = lane_centres(line)
        self.slow = SlowDisturbances(
            disturbances, seed, nips, sides, (*gauges, line.of_kind("scanner")[0].name), width, centres, self.wander
        )
        self.heat = RollHeat(
            line, recipe, setup, disturbances, machine_seed, self._roll_set[0], arrays["roll_core"], self._roll_set[1],
            self.wander, self.twin.eta * (self.twin.rolls["width"][:, None] / width), self.arena.view(Ahead),
        )  # fmt: skip
        stand(line, self.layout, self.readings, disturbances, seed, self.twin.chains, self.watch)
        wire(
            line, self.layout, setup, self.readings, self.truth_tags, disturbances, seed, machine_seed,
            self.twin.chains, self.sensors,
        )  # fmt: skip
        noise_sources(setup, sides, disturbances, seed, self.noise)
        self.hall_draw = Draw(seed, "hall/sensor", 1)
        self.hall_bias = disturbances.frame.sensor_bias * drawn(machine_seed, "hall sensor", 1, True)[0]
        self.faults = Faults(line, self.readings, disturbances, arrays["held_readings"], self.twin)
        self._stream = arrays["stream"]
        self.breaks = BreakHazard(line, recipe, setup, disturbances, seed, arrays["broken"])
        self.places = Places(line, sides, centres, self.commands, self.readings, self.truth_tags)
        self.drives: WebDrives = self.arena.view(WebDrives)
        self.rolls = Rolls(line, setup, disturbances, self.drives, self.places, self.breaks)
        self.wound = WoundWeb(
            WebQuality(line, recipe, setup, disturbances, seed), self.twin, arrays["wound_length"], self.rolls.winder
        )
        self.auxiliaries = Auxiliaries(line, self.truth_tags, self.places.powered)
        self.specific_volume = specific_volumes(recipe)
        self.loose = bed_relative_density(recipe, 1.0) / recipe.powder.bulk_density
        self.bending_influence = np.array([nip.bending_influence for nip in line.nips])
        self.foil_thickness = sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder"))
        self._size, self._tags = self.readings.size, len(self.readings.tags)
        self._low = np.concatenate([np.full(t.size, t.low) for t in self.commands.tags])
        self._high = np.concatenate([np.full(t.size, t.high) for t in self.commands.tags])
        self._start(cold)

    @property
    def broken(self) -> str:
        """Name of the nip before which the web broke, or of the unwinder; empty while it holds."""
        return self.breaks.broken

    def _start(self, cold: bool) -> None:
        start_powder(self.powder_parameters, self.powder)
        self.slow.start()
        at, twin = self.places.nips, self.twin
        for k, nip in enumerate(self.setup.nips):
            self._roll_set[0, k] = self.line.hall.temperature if cold else nip.roll_temperature
            self._roll_set[1, k] = nip.roll_temperature
            self.heat.core[k] = self._roll_set[0, k]
            self._command[at["bending_force"][k]] = nip.bending_force
            twin.nip_in["ratio"][k] = nip.speed_ratio
            twin.nip_in["gap"][k] = nip.loaded_gap
            twin.nip_in["opened"][k] = OPEN
            twin.nip_in["root_R"][k] = math.sqrt(nip.contact_radius)
        twin.line_in["acceleration"] = ACCELERATION
        rates = self.powder_parameters
        twin.line_in["aged"] = rates.aged
        twin.line_in["fibrillation"] = rates.k_1, rates.k_2, rates.b_T
        twin.line_in["air"] = self.d.air.density_loss_per_speed
        twin.line_in["spread_step"] = SEGMENT_GRID
        twin.spread[: len(self.slow.spread), BEFORE : AFTER + 1] = self.slow.spread
        if not cold:
            self._zero.at_start(self.heat, self.wander.frame[0], self.sensors.nip_sensors["roll_bias"])
        self._second(0)

    # state --------------------------------------------------------------------------------------------------------
    def snapshot(self) -> bytes:
        """The whole state of the twin as bytes; `restore` puts it back."""
        return self.arena.snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Go on from a snapshot of a twin of the same line, recipe, disturbances and seed."""
        self.arena.restore(snapshot)
        self.slow.refresh()
        self.wound.clear()
        self._serve()
        self._zero.under_way = True

    # the tick -----------------------------------------------------------------------------------------------------
    def exchange(self, commands: Commands) -> Readings:
        """Advance by one tick under the commands (clipped to their ranges; what is not finite keeps its last value)."""
        given = np.asarray(commands.values, dtype=np.float64)
        if given.shape != self._command.shape:
            raise ValueError(f"expected {self.commands.size} command values, got {given.shape}")
        command, twin, powder, places = self._command, self.twin, self.powder, self.places
        if take(given, self._low, self._high, places.nips["zero"], command) or self._zero.under_way:
            at = places.nips
            self._zero.told(command[at["zero"]], command[at["open"]], self.heat, self.wander.frame[0])
        self.rolls.thread(command)
        tick = int(self._tick[0])
        if tick and tick % 10 == 0:
            self._second(tick // 10)
        silent = self._silent(commands.sequence)
        self._orders(tick, silent)
        laid = advance_web(self.steps, self.dt, self.full, twin)
        advance_powder(
            self.powder_parameters, powder, command[places.screws], command[places.work], command[places.jacket],
            laid, tick, self._returned,
        )  # fmt: skip
        self._returned[:] = 0.0
        self.wound.collect(int(command[places.roll] + 0.5), bool(command[places.product] > 0.5))
        values, quality = np.zeros(self._size), np.zeros(self._tags, dtype=np.uint8)
        observe(
            tick, self.steps, self.breaks.film_broken, self.sensors, self.watch, self.heat.reached, self.wander, twin,
            self.drives, values, quality, self.truth,
        )  # fmt: skip
        if tick % 10 == 0:
            self._slow_readings(tick // 10)
        self._rest(values)
        if self.faults:
            self.faults.to_readings(tick, values)
        self._tick[0] = tick + 1
        time = (tick + 1) * TICK
        stamp = np.empty(quality.size)
        stamp.fill(time)
        return Readings(commands.sequence, time, values, quality, stamp)

    def _second(self, second: int) -> None:
        """What moves once a second: slow disturbances, roll temperatures, growth, virgin curves, heating power."""
        if second > 0:
            self.slow.second(second)
        heat = self.heat.second if second > 0 else self.heat.start
        bending = self._command[self.places.nips["bending_force"]] * self.bending_influence
        heat(
            bending, float(self.powder.powder_quality[ps.COMPRESSIBILITY]),
            float(self.powder.powder_reading[ps.MACHINE_TEMPERATURE]), self.twin,
        )  # fmt: skip
        for c, _ in self.places.bed_levels:
            self.twin.chain_in["bite_angle"][c] = self._bite_angle(self.twin.chains["nips"][c, 0])
        self.twin.nip_in["lift"] = self._zero.lift(self.wander.frame[0])
        self.truth[self.places.heating] = self.heat.power
        self._serve()

    def _serve(self) -> None:
        """What serves the line in its state of now."""
        self.auxiliaries.second(float(self._speeds[-1]), self._roll_set[0], self._roll_set[1], self.truth)

    def _bite_angle(self, k: int) -> float:
        """Angle [rad] at which the powder of now is gripped by nip k."""
        quality = self.powder.powder_quality
        gap = float(self.twin.nips["gap"][k]) / self.line.nips[k].roll_diameter
        internal = self.recipe.powder.internal_friction
        wall = min(max(float(quality[ps.WALL_FRICTION]), 0.01), 0.99 * internal)
        return nip_angle(wall, internal, float(quality[ps.COMPRESSIBILITY]), max(gap, 0.0))

    def _silent(self, sequence: int) -> bool:
        """Whether the stream of commands has stopped: their number has moved on before, and has not for `SILENCE`. The drives
        then bring the line to a stop and open the nips, so that no hot roll stands on a film.
        """
        last, moved, ticks = self._stream
        self._stream[:] = sequence, moved or (self._tick[0] > 0 and sequence != last), ticks + 1 if sequence == last else 0
        silent = bool(self._stream[1]) and self._stream[2] * TICK > SILENCE
        if silent and self.twin.line["speed"][0] < STILL:
            trip = self.twin.drives["trip"]
            trip[(trip == FINE) & (self.twin.nip_in["opened"] <= 0.0)] = STREAM
        return silent

    def _orders(self, tick: int, silent: bool) -> None:
        """Hand commands, powder and fast disturbances of this tick to the web kernel."""
        twin, places = self.twin, self.places
        self._roll_set[1] = self._command[places.nips["roll_temperature"]]
        per_half = round(SEGMENT_GRID / TICK)
        if tick % per_half == 0:
            if tick:
                self.slow.half_second(tick // per_half)
            twin.spread[: len(self.slow.spread), BEFORE : AFTER + 1] = self.slow.spread
            twin.line_in["spread_time"] = tick * TICK
        self._foil()
        if self.faults:
            self.faults.to_drives(tick)
        broken = int(self.breaks.state[0])
        hand_over(
            tick, silent or broken > 0, broken if self.breaks.film_broken else 0, self._command, places.orders, places.speed,
            self.powder.powder, self.specific_volume, self.loose, self.noise, self.heat.ahead.base_step,
            self.heat.ahead.virgin_step, twin,
        )  # fmt: skip

    def _foil(self) -> None:
        """The unwinder's tick, and the thickness of the foil that meets the film now."""
        extra = self.rolls.run_foil(self._command, self._speeds)
        chain = self.layout.electrode
        travelled = float(self.twin.clocks["ticks"][chain]) * self.layout.cell / FOIL_GRID
        metre = int(travelled)
        while self._foil_metre[0] < metre:
            self._foil_metre[0] += 1
            self.slow.foil_metre(int(self._foil_metre[0]))
        before, after = self.wander.foil
        self.twin.line_in["foil"] = self.foil_thickness * (1.0 + before + (travelled - metre) * (after - before)) + extra

    def _slow_readings(self, second: int) -> None:
        """What is read and true once a second: hall, breaks, and what moisture does to the powder in the surge hopper."""
        powder, truth, places, hall = self.powder, self.truth, self.places, self.line.hall
        bias = self.slow.hall(float(second)) + self.hall_bias
        self._hall[0] = hall.temperature + bias + self.d.frame.sensor_white * self.hall_draw.normal(second)[0]
        carried, air = powder.powder_carried, powder.powder_air
        truth[places.powder] = (
            powder.powder_quality[ps.HUMIDITY], conductivity_left(carried[ps.EXPOSURE - ps.PASSED]), carried[0],
            carried[ps.PASSES - ps.PASSED], carried[ps.WORK - ps.PASSED],
        )  # fmt: skip
        truth[places.h2s] = air[ps.H2S_SOURCE], gas_fraction(air[ps.HALL_H2S], hall.volume, hall.temperature)
        foil = self.drives.unwinder if self.drives.unwinder.size else self.drives.winder
        self.breaks.draw(second, self.twin, float(foil["tension"][0]))

    def _rest(self, values: Array) -> None:
        """Readings and true values of powder side, hall and the drives that press nothing."""
        truth, places, powder = self.truth, self.places, self._powder
        values[places.powder_readings] = powder[places.powder_sources]
        values[places.hall] = self._hall[0]
        truth[places.powder_power] = powder[places.power_sources] * self.auxiliaries.factor
        truth[places.cooling] = chiller_power(float(powder[places.jacket_heat]), self.auxiliaries.chiller)
        speed = self._speeds[-1]
        truth[places.metering_power] = METERING_POWER if speed > 0.0 else 0.0
        self.rolls.wind(self._command, speed, values, truth)
        for c, place in places.bed_levels:
            density = max(float(self.twin.line_in["density"][0]), 1.0)
            values[place] = self.twin.clocks["bed"][c] / (self.twin.chains["bed_full"][c] * density)

    # out ----------------------------------------------------------------------------------------------------------
    def finished_web(self, *, last: bool = False) -> MetreBatch | None:
        """Web wound since the last call, a row a metre; with `last` the open metre too (end of a run)."""
        return self.wound.hand_over(last=last)

    def hidden_truths(self) -> tuple[HiddenTruth, ...]:
        """What was drawn once for this machine: true of it, told to nobody but the records."""
        return hidden_truths(self.line, self.d, self.twin.rolls, self.sensors, self.heat.film.film[0], self.hall_bias)

    def accounts(self) -> Accounts:
        """Fed, vapour, stored and lost mass of every component, each summed from its own source."""
        account, twin = self.powder.powder_account, self.twin
        stored = np.zeros(len(COMPONENTS))
        web_mass(twin.clocks, twin.chains, twin.mass, twin.cells, twin.merge, twin.metres, stored)
        stored += ps.powder_stored(self.powder) + self.wound.waiting()
        return Accounts(account[ps.FED].copy(), account[ps.VAPOUR].copy(), stored, account[ps.LOST].copy())
