"""The film on its way through the nips: how warm it gets, what a speed differential does to it, and the virgin curve it has.

Once a second, one kernel over the nips in line order; every film is as warm as the nip before it left it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dryline.kernel import exp, kernel, log
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.process.compaction import LOOSEST, MOST_EPS, TERMS, joining_root, power_coefficients
from dryline.process.shear_nip import sheared
from dryline.process.tabulated import TABULATED, joint_of
from dryline.process.web import transfer_units
from dryline.twin.disturbances import drawn
from dryline.twin.state import Array, record

_f, _i = np.float64, np.int64
SLOWEST = 0.05
"""Speed [m/s] below which the film takes no longer over a roll (it is then as warm as the roll)."""

FILM_NIP = record(  # what a nip does to its film
    ("before", _i, (2,)),  # nips that the film comes from, -1 none
    ("of_powder", _i),  # 1 where the powder's own exponent counts
    ("units", _f),  # transfer units to the roll, times speed
    ("contact", _f),  # contact length, m
    ("areal", _f),  # kg/m2 that leave
    ("width", _f),
    ("elongated", _f),  # alignment by elongation
    ("differential", _f),
    ("friction", _f),
    ("shear_yield", _f),
    ("alignment_rate", _f),
)

FILM = record(  # this plant's film: figures at two temperatures
    ("temperature", _f, (2,)),
    ("yield_truth", _f),  # yield pressure and recovery modulus over those of the recipe
    ("modulus_truth", _f),
    ("P_y", _f, (2,)),
    ("E_el", _f, (2,)),
    ("eps_A", _f, (2,)),
    ("exponent", _f),
    ("joint", _f),  # of a tabulated law, -1 where the law is Heckel's
    ("c_p", _f),
)


class WarmFilm(NamedTuple):
    """Parameters: `FILM_NIP` a nip, one `FILM`, and the coefficients of every whole power exponent."""

    nips: Array
    film: Array
    beta: Array


def warm_film(line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, machine_seed: int) -> WarmFilm:
    """Parameters of a line, a recipe and this plant (its yield pressure and recovery modulus are hidden truths)."""
    c, c_p = recipe.compaction, recipe.fibrillation.c_p
    nips, film = np.zeros(len(line.nips), FILM_NIP), np.zeros(1, FILM)
    last: dict[str, int] = {}
    for k, (nip, point) in enumerate(zip(line.nips, setup.nips, strict=True)):
        row = nips[k]
        before = [last[nip.side]] if nip.side in last else list(last.values()) if nip.side == "AB" else []
        row["before"] = [*before, -1, -1][:2]
        films = len(line.sides) if nip.side == "AB" else 1
        row["of_powder"] = nip.kind == "powder_nip"
        row["units"] = transfer_units(nip.wrap_contact, nip.wrap, point.areal_mass_out / films, c_p)
        row["contact"], row["areal"], row["width"] = point.contact_length, point.areal_mass_out, line.pressed_width(nip)
        row["elongated"] = nip.elongation_alignment * math.log(nip.elongation)
        row["differential"], row["friction"] = nip.speed_differential, nip.film_friction
        row["shear_yield"], row["alignment_rate"] = nip.shear_yield, nip.alignment_rate
        last = {"AB": k} if nip.side == "AB" else last | {nip.side: k}
    row = film[0]
    row["yield_truth"] = 1.0 + d.plant.yield_pressure * drawn(machine_seed, "yield pressure", 1)[0]
    row["modulus_truth"] = 1.0 + d.spring_back.modulus * drawn(machine_seed, "recovery modulus", 1, True)[0]
    row["temperature"], row["eps_A"] = c.temperature, c.eps_A
    row["P_y"], row["E_el"] = np.array(c.P_y) * row["yield_truth"], np.array(c.E_el) * row["modulus_truth"]
    row["exponent"], row["c_p"] = recipe.powder.compressibility, c_p
    row["joint"] = -1.0 if c.law is None else joint_of(c.law)
    beta = np.array([power_coefficients(max(n, 2)) for n in range(TERMS + 1)])
    return WarmFilm(nips, film, beta)


@kernel
def warm(
    powder: float, compressibility: float, reached: np.ndarray, wander: np.ndarray, p: WarmFilm, ticks: int, nips: np.ndarray,
    nip_in: np.ndarray, virgin_step: np.ndarray,
) -> None:  # fmt: skip
    """Temperature, strain and work of the film in every nip, and a tick's share of the way to its virgin curve of now.

    powder: temperature [K] and exponent of the powder now; reached, wander: roll temperatures [K] (nip), (nip, 4); ticks in
    which the curve gets there. The whole part of the exponent cannot move in steps: where it changes, the curve changes at
    once.
    """
    film = p.film[0]
    leaving = np.empty(nips.size)
    for k in range(nips.size):
        plan, nip, now = p.nips[k], nips[k], nip_in[k]
        arriving = powder
        if plan.before[0] >= 0:
            arriving = leaving[plan.before[0]]
        if plan.before[1] >= 0:
            arriving = max(arriving, leaving[plan.before[1]])
        roll = reached[k] + wander[k, 0]
        T = roll + (arriving - roll) * exp(-plan.units / max(nip.speed, SLOWEST))
        strain, work = 0.0, 0.0
        if plan.differential > 1.0 and nip.speed > 0.0:
            load = max(nip.force / plan.width, 0.0)
            strain, _, work = sheared(
                plan.differential, plan.contact, max(nip.gap, 1e-6), load, plan.areal, nip.speed, plan.friction,
                plan.shear_yield,
            )  # fmt: skip
        now.aligning, now.work, now.temperature = plan.elongated + plan.alignment_rate * strain, work, T
        leaving[k] = T + work / film.c_p
        K = min(max(compressibility, LOOSEST), TERMS - 0.1) if plan.of_powder else film.exponent
        x = (T - film.temperature[0]) / (film.temperature[1] - film.temperature[0])
        P_y = film.P_y[0] + x * (film.P_y[1] - film.P_y[0])
        E_el = film.E_el[0] + x * (film.E_el[1] - film.E_el[0])
        K0, A, D_J, p_J, f = TABULATED, 0.0, film.joint, 0.0, 0.0
        if film.joint < 0.0:
            eps_A = min(max(film.eps_A[0] + x * (film.eps_A[1] - film.eps_A[0]), 0.3), MOST_EPS)
            D_J, K0 = joining_root(eps_A, K), math.floor(K + 1e-12)
            p_J, A, f = P_y * log(eps_A / (1.0 - D_J)), -log(eps_A), max(0.0, K - K0)
        virgin = now.virgin
        at_once = virgin[5] != K0
        if at_once:
            beta = p.beta[max(int(K0), 2)]
            for n in range(beta.size):
                now.beta[n] = beta[n]
        for n, value in enumerate((P_y, E_el, A, D_J, p_J, K0, f)):
            virgin_step[k, n] = 0.0 if at_once else (value - virgin[n]) / ticks
            if at_once:
                virgin[n] = value
