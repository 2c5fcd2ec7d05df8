r"""Run-out observer of a nip as the drive runs it: what of the roll force turns with the rolls, learnt by the angle of each.

Measured is the force F [N] of a nip with film in it. Where a pair opens by e the film gives way and the force falls by
(1 - t) e K_M, t = M/(M+Q) the gap transfer, so that

    y = -(F - F_nom) / (K_M (1 - t)) = b + phi(theta_1, theta_2) . (x - a) + noise

with b a slow wander (areal mass, lots), phi cosine and sine of harmonics 1 to 3 of both encoders, x the run-out of each roll
[m] and a the part of it that the axes take out already. A Kalman filter of the 13 states (x constant but for a slow walk, b a
random walk) learns x; two rolls of nearly equal diameter look alike for some turns and come apart as they beat. What it
learns is used twice: its harmonics are taken off the force that the gaugemeter sees (which would feed run-out back with
the wrong sign), and the axes move against it. Sources: textbook (harmonic Kalman bank); noise figures assumed.
"""

from __future__ import annotations

import math

import numpy as np

from dryline.kernel import law

HARMONICS = 3
STATES = 1 + 4 * HARMONICS
"""Wander, then cosine and sine of every harmonic of the first roll, then of the second."""
PERIOD = 0.02
"""Time between two looks [s]."""
WANDER = 0.03
"""Walk of the slow part, as a share of the nominal force [per sqrt(s)] (0.5 % of metered mass a second, assumed)."""
CHANGE = 2e-9
"""Walk of the run-out itself [m per sqrt(s)] (0.1 um in 40 min, assumed)."""
LEAST_NOISE, LEAST_WANDER = 0.1e-6, 0.3e-6
"""Floor of the measuring noise of a look [m] and of the walk of its slow part [m per sqrt(s)] (assumed)."""
LIKELY = 1e-6
"""What is expected of an amplitude before anything is learnt [m] (class value)."""
MOST = 3e-6
"""Largest cosine or sine that is believed [m] (assumed)."""
OUTLIER = 4.0
"""Surprises beyond so many standard deviations count as much as one of these (a splice, a bump)."""


@law
def forget_run_out(x: np.ndarray, P: np.ndarray) -> None:
    """Begin anew: nothing learnt."""
    for i in range(STATES):
        x[i] = 0.0
        for j in range(STATES):
            P[i, j] = 0.0
        P[i, i] = LIKELY * LIKELY if i else 100.0 * LIKELY * LIKELY


@law
def lost_sight(P: np.ndarray) -> None:
    """The slow part is unknown again (the nip was not watched for a while); the run-out is still what it was."""
    P[0, 0] += 100.0 * LIKELY * LIKELY


@law
def turn_with(first: float, second: float, phi: np.ndarray) -> None:
    """Regressors phi (STATES) at the angles of the two rolls [rad]."""
    phi[0] = 1.0
    for j in range(2):
        angle = first if j == 0 else second
        cosine, sine = math.cos(angle), math.sin(angle)
        c, s = cosine, sine
        for h in range(HARMONICS):
            at = 1 + 2 * (j * HARMONICS + h)
            phi[at], phi[at + 1] = c, s
            c, s = c * cosine - s * sine, s * cosine + c * sine


@law
def harmonic_part(phi: np.ndarray, x: np.ndarray) -> float:
    """Run-out [m] that state x expects where the regressors are phi."""
    total = 0.0
    for i in range(1, STATES):
        total += phi[i] * x[i]
    return total


@law
def learn_run_out(
    y: float, applied: float, noise: float, wander: float, phi: np.ndarray, x: np.ndarray, P: np.ndarray, gain: np.ndarray
) -> None:
    """One look: y measured [m], applied what the axes take out [m]; x, P (STATES, STATES) are moved on, gain is scratch.

    noise of a look [m] and walk of its slow part [m per sqrt(s)]: those of the force, as a gap.
    """
    most = 0.0
    for i in range(STATES):
        total = 0.0
        for j in range(STATES):
            total += P[i, j] * phi[j]
        gain[i] = total
        most += total * phi[i]
    noise, wander = max(noise, LEAST_NOISE), max(wander, LEAST_WANDER)
    likely = most + noise * noise
    scale = 1.0 / likely
    reach = OUTLIER * math.sqrt(likely)
    error = min(max(y - (x[0] + harmonic_part(phi, x) - applied), -reach), reach)
    for i in range(STATES):
        x[i] += gain[i] * scale * error
        if i:
            x[i] = min(max(x[i], -MOST), MOST)
        for j in range(STATES):
            P[i, j] -= gain[i] * gain[j] * scale
        P[i, i] += CHANGE * CHANGE * PERIOD if i else wander * wander * PERIOD
