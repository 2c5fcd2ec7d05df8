"""Electrode lines with round figures, near those of the BatPaC 5 plant, for tests of cost: not a model of any process."""

from __future__ import annotations

import numpy as np

from dryline.studies.planning.electrode_line import YEAR, Calendar, ElectrodeLine, Load, Product, Step, Stuff

KWH = 3.6e6
HOUR = 3600.0
CALENDAR = Calendar(run=6000.0 * HOUR, idle=1200.0 * HOUR, heat_up=480.0 * HOUR, stop=YEAR - 7680.0 * HOUR)


def product(electrode="cathode", sides=2):
    """165 Wh on a square metre of one side, and 1.04 times the area for an anode, as in the BatPaC 5 plant."""
    return Product(electrode, "nmc", 165.0 * HOUR / 3.68, 3.68, sides, 1.0, 1.0 if electrode == "cathode" else 1.04)


def wet_cathode(name="wet", process="wet", speed=1.0, area_yield=0.95, returned=0.0, heat=2.0e6, **changes):
    """Cathode line: 0.239 kg of active material and 0.1195 kg NMP on a square metre of one side."""
    sides = 2
    steps = (
        Step("mixing", (Load("electricity", 150e3, 30e3),)),
        Step("coating and drying", (Load("electricity", 400e3, 100e3, 200e3), Load("heat", heat, 0.2 * heat, heat))),
        Step("solvent recovery", (Load("electricity", 150e3, 40e3), Load("chilled_water", 100e3))),
        Step("calendering", (Load("electricity", 120e3, 20e3),)),
        Step("hall", (Load("electricity", 60e3, 60e3, 60e3, 30e3),)),
    )
    stuffs = (
        Stuff("nmc622", "active", 0.239 * sides, "kg", 0.99, returned),
        Stuff("pvdf", "binder", 0.0061 * sides, "kg", 0.99, returned),
        Stuff("carbon_black", "carbon", 0.0049 * sides, "kg", 0.99, returned),
        Stuff("nmp", "solvent", 0.1195 * sides, "kg", 0.99, 0.98),
        Stuff("aluminium_foil", "foil", 1.0, "m2", 0.99),
    )
    values = dict(
        name=name, process=process, product=product(sides=sides), speed=speed, coated_width=1.0, calendar=CALENDAR,
        area_yield=area_yield, cell_yield=0.95, steps=steps, stuffs=stuffs, solvent=0.1195 * sides, emitted=0.005, exhaust=8.0,
    )  # fmt: skip
    return ElectrodeLine(**{**values, **changes})


def wet_anode(**changes):
    """Anode line with water."""
    stuffs = (
        Stuff("graphite", "active", 0.156 * 2, "kg", 0.99),
        Stuff("cmc", "binder", 0.002 * 2, "kg", 0.99),
        Stuff("sbr", "binder", 0.003 * 2, "kg", 0.99),
        Stuff("water", "solvent", 0.0793 * 2),
        Stuff("copper_foil", "foil", 1.0, "m2", 0.99),
    )
    steps = (
        Step("mixing", (Load("electricity", 150e3, 30e3),)),
        Step("coating and drying", (Load("electricity", 300e3, 100e3, 200e3), Load("heat", 0.8e6, 0.1e6, 0.8e6))),
        Step("calendering", (Load("electricity", 120e3, 20e3),)),
        Step("hall", (Load("electricity", 60e3, 60e3, 60e3, 30e3),)),
    )
    return wet_cathode(**{"name": "anode", "product": product("anode"), "steps": steps, "stuffs": stuffs, "solvent": 0.1586,
                          "emitted": 1.0, **changes})  # fmt: skip


def dry_cathode(**changes):
    """Dry cathode line with regrind."""
    steps = (
        Step("powder preparation", (Load("electricity", 60e3, 10e3),)),
        Step("fibrillation", (Load("compressed_air", 300e3, 20e3),)),
        Step("film forming", (Load("electricity", 120e3, 30e3),)),
        Step("lamination", (Load("electricity", 40e3, 10e3),)),
        Step("roll heating", (Load("electricity", 100e3, 60e3, 300e3),)),
        Step("hall", (Load("electricity", 60e3, 60e3, 60e3, 30e3),)),
    )
    stuffs = (
        Stuff("nmc622", "active", 0.239 * 2, "kg", 0.99, 0.7),
        Stuff("ptfe", "binder", 0.005 * 2, "kg", 0.99, 0.7),
        Stuff("carbon_black", "carbon", 0.0049 * 2, "kg", 0.99, 0.7),
        Stuff("aluminium_foil", "foil", 1.0, "m2", 0.99),
        Stuff("primer", "foil", 1.0, "m2", 0.99),
    )
    return wet_cathode(**{"name": "dry", "process": "dry", "steps": steps, "stuffs": stuffs, "solvent": 0.0, "emitted": 0.0,
                          "exhaust": 0.0, **changes})  # fmt: skip


def arrays(line, n=7, seed=1):
    """The same line with one array for each of a few figures, and their values."""
    rng = np.random.default_rng(seed)
    return {
        "speed": rng.uniform(0.6, 1.4, n),
        "area_yield": rng.uniform(0.85, 0.98, n),
        "cell_yield": rng.uniform(0.90, 0.97, n),
    }
