"""What a speed differential of the two rolls of a nip does to the film between them."""

from __future__ import annotations

import math
from typing import NamedTuple

from dryline.kernel import from_python
from dryline.line.nips import Nip
from dryline.process.shear_nip import shear_power, sheared

shear_between = from_python(sheared)
power_between = from_python(shear_power)


class Contact(NamedTuple):
    """Film in a nip: contact length and gap [m], line load [N/m], areal mass [kg/m2] and speed [m/s] of what leaves."""

    length: float
    gap: float
    line_load: float
    areal_mass: float
    speed: float


class Shear(NamedTuple):
    """How far fibrils are aligned: rate times strain, of shear and of elongation; work on the film [J/kg]; power of the faster
    roll [W].
    """

    aligning: float
    work: float
    power: float


def pack_of(nip: Nip) -> float:
    """Solid in the gap over solid in the film that leaves with the faster roll: v_film / v_mean = 2 / (1 + v_slow/v_fast)."""
    return 2.0 / (1.0 + 1.0 / nip.speed_differential)


def contact_length(radius: float, entry: float, gap: float) -> float:
    """Contact length of a film of a thickness at entry [m] in a gap [m] on an arc of a radius [m]: sqrt(R' (h_in - S))."""
    return math.sqrt(radius * max(entry - gap, 1e-9))


def shear_of(nip: Nip, contact: Contact, width: float) -> Shear:
    """What the film of a width [m] suffers in a nip; without a differential only its elongation is left."""
    elongated = nip.elongation_alignment * math.log(nip.elongation)
    if nip.speed_differential <= 1.0 or contact.speed <= 0.0:
        return Shear(elongated, 0.0, 0.0)
    strain, stress, work = shear_between(
        nip.speed_differential, contact.length, contact.gap, contact.line_load, contact.areal_mass, contact.speed,
        nip.film_friction, nip.shear_yield,
    )  # fmt: skip
    difference = contact.speed * (1.0 - 1.0 / nip.speed_differential)
    return Shear(elongated + nip.alignment_rate * strain, work, power_between(stress, difference, contact.length, width))
