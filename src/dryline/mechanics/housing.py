"""Housing of a nip: how far the load opens the gap, and how much of a gap step reaches the film.

Loaded film gap at place y, eta = 2 y / b with b the loaded width and y positive towards the operator::

    S(y) = x_mean + (x_o - x_d) y / L_b + F / K_h + tilt(M) y + q / K_fl + (B F - C - J) (1 - eta^2)
           - growth + run_out

x_o, x_d chock positions, K_h housing stiffness of both sides together, K_fl flattening stiffness of both
rolls per metre of width, B bending of both rolls per newton, C crown, J gap taken by the bending cylinders.

Source: gaugemeter (BISRA) equation with the terms of roll mechanics; validity: linear housing, clearance
taken up.
"""

from __future__ import annotations


def stretch(force: float, housing: float) -> float:
    """Opening of the gap F / K_h [m] under the roll force [N]; K_h of both sides together [N/m]."""
    return force / housing


def tilt_per_moment(housing: float, bearing_distance: float) -> float:
    """Slope of the gap [m/m] per moment of the load about the centre [N m]: 4 / (K_h L_b^2).

    Each side stretches by its own share, F_o - F_d = 2 M / L_b, on half the housing stiffness.
    """
    return 4.0 / (housing * bearing_distance * bearing_distance)


def mill_stiffness(housing: float, flattening: float, width: float) -> float:
    """Stiffness K_M [N/m] of housing K_h [N/m] in series with the flattening K_fl b of both rolls [N/m]."""
    return 1.0 / (1.0 / housing + 1.0 / (flattening * width))


def gap_transfer(mill: float, film: float, width: float) -> float:
    """Share of a gap step at the chocks that reaches the loaded gap: dh/dS = K_M / (K_M + Q_f b).

    mill K_M [N/m], film stiffness Q_f = -dq/dS [N/m2], loaded width b [m].
    """
    return mill / (mill + film * width)


def chock_gap(loaded: float, force: float, housing: float, flattening: float, width: float) -> float:
    """Mean chock position [m] that gives the loaded film gap [m], bending cancelled: S - F/K_h - q/K_fl, q =
    F/b.
    """
    return loaded - force / housing - force / (flattening * width)


def recovered_opening(force: float, housing: float, flattening: float, width: float, held: bool) -> float:
    """Opening [m] that the mechanics take back when the film vanishes.

    Housing and flattening, F / K_M; where the chocks are held against a stop with more than the force
    (`held`) the housing is already stretched and only the flattening F / (K_fl b) recovers.
    """
    return (0.0 if held else force / housing) + force / (flattening * width)


def contact_margin(loaded: float, opening: float, unbending: float, growth: float, run_out: float) -> float:
    """Smallest gap [m] to which the rolls would settle if the film vanished now.

    loaded film gap [m]; opening that recovers [m]; unbending at the place [m] (see `rolls.unbending`);
    growth: gap the thermal growth still gives back [m] (positive opens); run_out: largest run-out and
    position error [m]. Required: 3 um (assumed).
    """
    return loaded - opening - unbending + growth - run_out
