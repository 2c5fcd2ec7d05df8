"""Chocks pressed on a wedge stop, and bearings: what the load moves before it stretches the housing.

A wedge between the chocks takes the preload P; frame (K_h) and wedge (K_w) then share every change of the roll force,
until the wedge is free at P (1 + K_h / K_w). As long as it holds, the housing has next to nothing to give back when the
film vanishes. Bearings have a clearance that the roll crosses when the load reverses, unless they are preloaded, and an
oil film that grows with speed.

Source: springs in parallel and series (textbook, as for a preloaded bolt); clearance 5 to 30 um, oil film 2 to 5 um
(assumed). Validity: linear springs, wedge stiff against the frame.
"""

from __future__ import annotations

from dryline.kernel import exp, law


@law
def lift_off(preload: float, housing: float, wedge: float) -> float:
    """Roll force [N] at which the chocks leave the wedge: P (1 + K_h / K_w); stiffnesses [N/m], preload [N]."""
    return preload * (1.0 + housing / wedge)


@law
def frame_compliance(force: float, preload: float, housing: float, wedge: float) -> float:
    """Compliance of the frame [m/N] at a roll force [N]: 1/(K_h + K_w) on the wedge, 1/K_h off it.

    No preload means no wedge. Housing stiffness of both sides K_h, wedge stiffness of both sides K_w [N/m].
    """
    return 1.0 / (housing + wedge) if force < lift_off(preload, housing, wedge) else 1.0 / housing


@law
def frame_stretch(force: float, preload: float, housing: float, wedge: float) -> float:
    """Opening of the gap by the frame [m] under a roll force [N], from the position without load; continuous.

    Below `lift_off` F/(K_h + K_w), above it the rest on the housing alone.
    """
    held = min(force, lift_off(preload, housing, wedge))
    return held / (housing + wedge) + (force - held) / housing


@law
def bearing_shift(force: float, reversal: float, clearance: float, span: float, preload: float) -> float:
    """Opening of the gap by the bearing clearance [m]: 0 below the load reversal, all of it above.

    roll force and force at reversal (weight of the roll less its balance) [N]; clearance of both rolls [m]; span [N] over
    which the bearing goes over (elastic, > 0); preload of the bearings [N]: while it exceeds the distance from the reversal
    nothing moves, so that a preload above the largest roll force takes the jump away.
    """
    beyond = force - reversal - preload
    return clearance * min(max(beyond / span, 0.0), 1.0)


@law
def oil_film(speed: float, most: float, reference: float) -> float:
    """Opening of the gap by the oil films [m] at a speed [m/s]: h_o (1 - exp(-v / v_0)), saturating at h_o [m]."""
    return most * (1.0 - exp(-speed / reference))
