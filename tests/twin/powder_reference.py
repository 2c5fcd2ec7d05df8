"""A plain reading of the powder side, one tick at a time, for comparison with the kernel: dicts, math and expm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.linalg import expm

from dryline.kernel import fill_normals, fill_uniforms
from dryline.twin import powder_parameters as par
from dryline.twin.powder_parameters import PowderParameters
from dryline.twin.powder_state import FIBRIL, HEAT, PTFE, RATE, SOLIDS, UNFIBRILLATED, WATER, WORK, WORK_SQUARE, C, K, PowderState


def a_normal(key: np.uint64, index: int, place: int) -> float:
    out = np.empty((1, place + 1))
    fill_normals(key, index, out)
    return float(out[0, place])


def a_uniform(key: np.uint64, index: int) -> float:
    out = np.empty((1, 1))
    fill_uniforms(key, index, out)
    return float(out[0, 0])


def tank_matrix(tanks: int, residence: float, dt: float) -> np.ndarray:
    """(inflow of the step, tanks) -> (tanks, outflow), as a matrix exponential."""
    system = np.zeros((tanks + 2, tanks + 2))
    system[1, 0] = 1.0 / dt
    for tank in range(1, tanks + 1):
        system[tank, tank] -= tanks / residence
        system[tank + 1, tank] += tanks / residence
    moved: np.ndarray = expm(system * dt)[1:, : tanks + 1]
    return moved


class ReferencePowder:
    """The powder side from a started state; bridges are not part of it (their length is half of a uniform pair)."""

    def __init__(self, p: PowderParameters, s: PowderState) -> None:
        self.p = p
        self.row = dict(zip(par.FEEDER, p.feeder, strict=True))
        f = s.powder_feeder
        self.content, self.speed, self.phase, self.noise = (np.array(f[k, :3]) for k in (0, 1, 2, 5))
        self.refill_left, self.error, self.drift = np.zeros(3), np.zeros(3), np.zeros(3)
        self.delivered, self.refilled, self.weight = np.zeros(3), np.zeros(3), np.array(self.content)
        self.refills, self.piece, self.lot = [0, 0, 0], list(s.powder_count[1, :3]), np.array(s.powder_lot)
        self.jacket_off, self.dew_off, self.circuit = s.powder_air[:3]
        self.arriving: dict[tuple[Any, int], np.ndarray] = {}
        for i in range(3):
            for slot, cargo in enumerate(s.powder_chute[i]):
                self.arriving[i, slot] = np.array(cargo)
        for slot, cargo in enumerate(s.powder_plug):
            self.arriving["plug", slot] = np.array(cargo)
        self.mixer, self.machine = np.array(s.powder_mixer), np.array(s.powder_fibrillator)
        self.surge = np.array(s.powder_surge)
        self.fed, self.vapour, self.taken = np.zeros(C), np.zeros(C), np.zeros(C)
        self.mixing = tank_matrix(len(self.mixer), p.mixer_residence, p.tick)
        self.shearing = tank_matrix(len(self.machine), p.machine_residence, p.tick)
        self.shaft = self.jacket_heat = 0.0

    def lot_values(self, i: int, piece: int) -> np.ndarray:
        p, row = self.p, self.row
        lot = int(piece / row["pieces_per_lot"][i] + 1e-9)
        values = np.empty(7)
        values[0] = max(p.moisture + p.lot_sigma[i, 0] * a_normal(p.keys[par.MOISTURE_KEY, i], lot, 0), 0.0)
        for q in range(1, 7):
            number = a_normal(p.keys[par.LOT_KEY, i], lot, q)
            number += row["bag_share"][i] * a_normal(p.keys[par.BAG_KEY, i], piece, q)
            values[q] = p.lot_sigma[i, q] * number
        return values

    def cargo(self, i: int, mass: float, lot: np.ndarray) -> np.ndarray:
        dry = mass / (1.0 + lot[0])
        out = np.zeros(K)
        out[i] = dry
        out[WATER] = mass - dry
        out[UNFIBRILLATED] = dry if i == PTFE else 0.0
        out[RATE : RATE + 6] = dry * lot[1:]
        out[HEAT] = mass * self.p.feed_temperature
        return out

    def delay(self, name: Any, tick: int, cargo: np.ndarray, whole: int, part: float) -> np.ndarray:
        for later, share in ((whole, 1.0 - part), (whole + 1, part)):
            at = (name, tick + later)
            self.arriving[at] = self.arriving.get(at, np.zeros(K)) + share * cargo
        return self.arriving.pop((name, tick), np.zeros(K))

    def feed(self, i: int, command: float, tick: int) -> np.ndarray:
        p, dt = self.p, self.p.tick
        row = {name: float(values[i]) for name, values in self.row.items()}
        command = min(max(command, 0.0), row["max_speed"])
        lag = row["screw_lag"]
        turned = command * dt - (self.speed[i] - command) * lag * math.expm1(-dt / lag)
        self.speed[i] = command + (self.speed[i] - command) * math.exp(-dt / lag)
        flights = turned * row["flights"]
        start = 2.0 * math.pi * self.phase[i]
        end = start + 2.0 * math.pi * flights
        pulse = (math.cos(start) - math.cos(end)) / (end - start) if flights > 0.0 else math.sin(start)
        self.phase[i] = (self.phase[i] + flights) % 1.0
        runs = min(self.refill_left[i], dt)
        self.refill_left[i] -= runs
        if self.refill_left[i] < 1e-9 * dt:
            self.refill_left[i] = 0.0
        supply = (1.0 - row["refill_level"]) * row["capacity"] * runs / row["refill_time"]
        self.refilled[i] += supply
        self.content[i] += supply
        k_f = row["k_max"] - (row["k_max"] - row["k_min"]) * math.exp(-self.content[i] / row["decay_mass"])
        wanted = k_f * turned * (1.0 + self.error[i]) * (1.0 + self.drift[i])
        wanted *= max(1.0 + self.noise[i] + row["pulsation"] * pulse, 0.0)
        mass = min(self.content[i], wanted)
        self.content[i] -= mass
        self.error[i] *= math.exp(-(dt - runs) / row["weigh_window"])
        if self.refill_left[i] <= 0.0 and self.content[i] < row["refill_level"] * row["capacity"]:
            self.refill_left[i] = row["refill_time"]
            self.refills[i] += 1
            chance = a_uniform(p.keys[par.REFILL_KEY, i], self.refills[i])
            self.error[i] = row["refill_error"] * (2.0 * chance - 1.0)
        reading = round((tick + 1) * dt / 0.1)
        self.weight[i] = self.content[i] + row["scale_noise"] * a_normal(p.keys[par.SCALE_KEY, i], reading, 0)

        before = row["lot_start"] + self.delivered[i]
        over = before + mass - (self.piece[i] + 1) * row["piece_mass"]
        fresh = min(max(over / mass, 0.0), 1.0) if mass > 0.0 else 0.0
        out = self.cargo(i, mass * (1.0 - fresh), self.lot[i])
        if fresh > 0.0:
            self.piece[i] = math.floor((before + mass) / row["piece_mass"])
            self.lot[i] = self.lot_values(i, self.piece[i])
            out += self.cargo(i, mass * fresh, self.lot[i])
        self.delivered[i] += mass
        self.fed += out[:C]
        return out

    def shear(self, tank: np.ndarray, work: float, jacket: float, pressure: float) -> None:
        p, dt = self.p, self.p.tick
        dry = tank[:SOLIDS].sum()
        mass = dry + tank[WATER]
        before = tank[HEAT] / mass
        power = mass * work / p.machine_residence
        conductance = p.conductance / len(self.machine)
        level = jacket + power / conductance
        T = level + (before - level) * math.exp(-conductance * dt / (mass * p.c_p))
        t = T - 273.15
        steps = sum(1.0 / (1.0 + math.exp((at - t) / 2.0)) for at in (19.0, 30.0))
        k_1 = p.k_1 * 0.5 * steps * math.exp(p.b_T * (t - 30.0)) * (1.0 + tank[RATE] / tank[PTFE])
        done = work * dt / p.machine_residence
        created, broken = math.exp(-k_1 * done), math.exp(-p.k_2 * done)
        tank[FIBRIL] = tank[FIBRIL] * broken + tank[UNFIBRILLATED] * k_1 / (k_1 - p.k_2) * (broken - created)
        tank[UNFIBRILLATED] *= created
        tank[WORK_SQUARE] += 2.0 * done * tank[WORK] + dry * done**2
        tank[WORK] += dry * done
        k_m = 1e-4 * math.exp(66.4e3 / 8.314462618 * (1.0 / 353.15 - 1.0 / T))
        X_e = 1e-5 * math.exp(44e3 / 8.314462618 * (1.0 / T - 1.0 / 298.15)) * pressure
        water = dry * (X_e + (tank[WATER] / dry - X_e) * math.exp(-k_m * dt))
        self.vapour[WATER] += tank[WATER] - water
        tank[WATER] = water
        tank[HEAT] = (dry + water) * T
        self.shaft += power
        self.jacket_heat += power - mass * p.c_p * (T - before) / dt

    def advance(self, speeds: np.ndarray, work: float, jacket_set: float, taken: float, tick: int) -> None:
        p, dt = self.p, self.p.tick
        second = math.floor((tick + 0.5) * dt)
        if second > math.floor((tick - 0.5) * dt) and tick > 0:
            for i in range(3):
                self.noise[i] = self.row["white"][i] * a_normal(p.keys[par.WHITE_KEY, i], second, 0)
                self.drift[i] += self.row["drift"][i] * a_normal(p.keys[par.DRIFT_KEY, i], second, 0)
            a, b = p.air_keep
            fresh = a_normal(p.keys[par.AIR_KEYS, 0], second, 0), a_normal(p.keys[par.AIR_KEYS, 1], second, 0)
            self.jacket_off = a * self.jacket_off + p.air_sigma[0] * math.sqrt(1.0 - a * a) * fresh[0]
            self.dew_off = b * self.dew_off + p.air_sigma[1] * math.sqrt(1.0 - b * b) * fresh[1]
        blend = np.zeros(K)
        for i in range(3):
            whole, part = int(self.row["chute_whole"][i]), float(self.row["chute_part"][i])
            blend += self.delay(i, tick, self.feed(i, float(speeds[i]), tick), whole, part)
        arrived = self.delay("plug", tick, blend, p.plug_whole, p.plug_part)
        moved = self.mixing @ np.vstack([arrived, self.mixer])
        self.mixer = moved[:-1]
        moved = self.shearing @ np.vstack([moved[-1], self.machine])
        self.machine, product = moved[:-1], moved[-1]
        self.circuit += (jacket_set - self.circuit) * -math.expm1(-dt / p.jacket_lag)
        t = p.dew_point + self.dew_off - 273.15
        pressure = 611.15 * math.exp(22.452 * t / (272.55 + t))
        self.shaft = self.jacket_heat = 0.0
        for tank in self.machine:
            self.shear(tank, work, self.circuit + self.jacket_off, pressure)
        share = min(taken / self.surge[:C].sum(), 1.0)
        self.taken += share * self.surge[:C]
        self.surge = self.surge * (1.0 - share) + product
