"""A wet cathode and a wet anode to try things on, and their energy by step."""

from __future__ import annotations

from dryline.line.wet import load_vintage
from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.electrode_line import YEAR, Calendar, Product
from dryline.studies.planning.wet_line import wet_line

AH = 3600.0
VINTAGES = ("open_exhaust_2016", "greet_2019", "best_available_2025")
CALENDAR = Calendar(run=0.6 * YEAR, idle=0.2 * YEAR, heat_up=0.02 * YEAR, stop=0.18 * YEAR)
CATHODES = {
    "LFP": Product("cathode", "LFP", 0.25 * 0.95 * 155.0 * AH, 3.2),
    "NMC811": Product("cathode", "NMC811", 0.22 * 0.95 * 200.0 * AH, 3.65),
}
ANODE = Product("anode", "graphite", 1.08 * 0.25 * 0.95 * 155.0 * AH, 3.2, balance=1.08, area_ratio=1.04)
CAPACITY = {"LFP": 155.0 * AH, "NMC811": 200.0 * AH, "graphite": 355.0 * AH}


def line_of(product=CATHODES["LFP"], vintage="open_exhaust_2016", **changes):
    """The wet line of a case, with some of it changed."""
    given = {
        "capacity": CAPACITY.get(product.chemistry), "speed": 1.0, "coated_width": 0.95, "calendar": CALENDAR, "area_yield": 0.97,
        "cell_yield": 0.98, "hall": {"electricity": 200.0},
    }  # fmt: skip
    return wet_line(product, load_vintage(vintage) if isinstance(vintage, str) else vintage, **(given | changes))


def energy(line, step=None, carrier=None):
    """Energy over that of good cells [1], of a step and a carrier or of all."""
    chosen = total(yearly(line), lambda use: step in (None, use.step) and carrier in (None, use.carrier))
    return chosen / line.good_energy
