"""Speed-differential nip: one roll runs faster than the other and shears the film between them.

The differential s_v = v_fast / v_slow shears through the thickness; it is neither an elongation (film speed out over
film speed in) nor a draw. The film follows the faster roll. Shear works on the mix, w_s = tau gamma / rho, heats it,
makes fibrils where PTFE is left, and turns fibrils into the machine direction.

Sources: film forming on the faster roll, DRYtraec principle (Fraunhofer IWS, 2021; EP3625018 names ratios of about 10:9
to 10:4); strain and work of sliding surfaces textbook; orientation law and slip direction assumed. Validity: film in
full contact with both rolls over the contact length, differential 1.0 to 2.5 (assumed).
"""

from __future__ import annotations

import math

from dryline.kernel import exp, law
from dryline.process.fibrillation import fibril_step, temperature_function


@law
def shear_strain(difference: float, mean: float, contact: float, thickness: float) -> float:
    """Shear strain of the film through a nip: gamma = dv L_c / (v h).

    difference dv of the surface speeds and their mean v [m/s], v > 0; contact length L_c and film thickness h [m]. A strain
    of 9 at dv/v 0.3, L_c 3 mm and h 100 um.
    """
    return difference * contact / (mean * thickness)


@law
def shear_stress(friction: float, pressure: float, yield_stress: float) -> float:
    """Shear stress in the film [Pa]: the smaller of what friction transmits, mu p, and the shear yield stress k_y [Pa].

    friction coefficient mu between film and roll; pressure p in the nip [Pa].
    """
    return min(friction * pressure, yield_stress)


@law
def shear_work(stress: float, strain: float, density: float) -> float:
    """Specific work on the mix [J/kg]: w_s = tau gamma / rho; mean shear stress [Pa], density in the nip [kg/m3].

    All of it is heat: the film warms by w_s / c_p as long as it gives none to the rolls.
    """
    return stress * strain / density


@law
def shear_power(stress: float, difference: float, contact: float, width: float) -> float:
    """Mechanical power that the fast roll puts into the film [W]: tau dv L_c W.

    mean shear stress [Pa], difference of the surface speeds [m/s], contact length and width [m]; equal to the specific work
    times the mass flow rho h v W.
    """
    return stress * difference * contact * width


@law
def sheared(
    differential: float, contact: float, gap: float, line_load: float, areal_mass: float, speed: float, friction: float,
    yield_stress: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Strain [1], shear stress [Pa] and specific work [J/kg] of a film between two rolls of a speed differential above 1.

    contact length and gap [m], line load [N/m], areal mass [kg/m2] and speed [m/s] of what leaves with the faster roll; see
    `shear_strain`, `shear_stress` and `shear_work`. The gap holds 2 / (1 + v_slow/v_fast) of what leaves per length.
    """
    pack = 2.0 / (1.0 + 1.0 / differential)
    stress = shear_stress(friction, line_load / contact, yield_stress)
    strain = shear_strain(speed * (1.0 - 1.0 / differential), speed / pack, contact, gap)
    return strain, stress, shear_work(stress, strain, areal_mass * pack / gap)


@law
def aligned(alignment: float, strain: float, rate: float) -> float:
    """Alignment a_o of the fibrils with the machine direction behind a shear strain: exact step of da/dgamma = k_a (1 - a).

    alignment before, 0 to 1; rate k_a per unit of strain (assumed 0.05 to 0.3).
    """
    return 1.0 - (1.0 - alignment) * exp(-min(rate * strain, 700.0))


@law
def traction_angle(wall: float, slip: float) -> float:
    """Wall friction angle [rad] that is left in the feed direction: tan phi_eff = tan phi_w cos psi.

    slip: angle psi [rad] between the slip of the powder on the roll and the feed direction; a larger differential turns it
    away, so that the nip angle and the film get smaller (assumed).
    """
    return math.atan(math.tan(wall) * math.cos(slip))


@law
def sheared_areal_mass(density: float, gap: float, slow: float, fast: float, film: float, factor: float) -> float:
    """Areal mass [kg/m2] of a film sheared off in a gap: rho S (v_slow + v_fast) / (2 v_film) xi.

    density in the nip [kg/m3]; loaded gap [m]; surface speeds and speed of the film, that of the roll it sticks to [m/s];
    factor xi about 1 (assumed, to be calibrated).
    """
    return density * gap * (slow + fast) / (2.0 * film) * factor


@law
def fibrillate(U: float, F: float, k_1: float, k_2: float, b_T: float, T: float, work: float) -> tuple[float, float]:
    """Unfibrillated and load-bearing PTFE behind a nip: the three-species law over the work of the nip, exact.

    U, F before (fractions or masses); creation k_1 at f_T = 1 and breakage k_2 [kg/J] at the stress for which they were
    fitted, that of the fibrillator (assumed: the stress in a nip is larger, but acts on a film that carries it); b_T [1/K];
    film temperature [K]; specific work [J/kg].
    """
    return fibril_step(U, F, k_1 * temperature_function(T, b_T), k_2, work)
