"""Recovery of solvent from dryer exhaust: cooling until it condenses, and distillation of what comes down.

Source: heat and mass balance, textbook. Validity: the condenser cools all of the exhaust; what its vapour pressure leaves
in the cold air is caught behind it (wheel or scrubber) and counts in `captured`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dryline.process.drying import AIR_HEAT, Dryer, Figure, Solvent


class Recovery(NamedTuple):
    """Recovery of a solvent.

    captured: share of the evaporated solvent taken out of the exhaust; distilled: share of that which distillation gives back;
    temperature of the condenser [K]; tower: temperature to which tower water cools the exhaust first, for nothing [K]; cop of the
    chiller; distillation: energy of it [J/kg captured].
    """

    captured: Figure
    distilled: Figure
    temperature: Figure
    tower: Figure
    cop: Figure
    distillation: Figure


class SolventAccount(NamedTuple):
    """Where evaporated solvent goes: evaporated = returned + emitted + residue, in the unit that was given."""

    returned: Figure
    emitted: Figure
    residue: Figure


def account(evaporated: Figure, recovery: Recovery) -> SolventAccount:
    """What is used again, what leaves with the exhaust and what distillation leaves as waste, of the solvent evaporated."""
    captured = evaporated * recovery.captured
    returned = captured * recovery.distilled
    return SolventAccount(returned, evaporated - captured, captured - returned)


def cooling_duty(solvent: Solvent, dryer: Dryer, recovery: Recovery, air: Figure, evaporated: Figure) -> Figure:
    """Heat that the chiller takes out of the exhaust [W].

    Sensible heat of the air, m c_pa (T - T_cond), from what heat exchanger, T_ex - eta_HX (T_ex - T_in), and tower water leave of
    its temperature, and latent heat of the captured solvent; air and evaporated [kg/s].
    """
    entering = np.minimum(dryer.exhaust - dryer.heat_recovery * (dryer.exhaust - dryer.fresh), recovery.tower)
    sensible = air * AIR_HEAT * np.maximum(entering - recovery.temperature, 0.0)
    return sensible + evaporated * recovery.captured * solvent.latent


def chiller_power(duty: Figure, cop: Figure) -> Figure:
    """Electric power of a chiller [W]: duty over its coefficient of performance."""
    return duty / cop
