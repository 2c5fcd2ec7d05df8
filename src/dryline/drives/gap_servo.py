"""Gap axes of a nip as the PLC runs them: gaugemeter command and position servo, one axis a side.

The servo sees its own chock sensor, not the gap. Sources: second-order servo 12 Hz (hydraulic) or 2 Hz
(electromechanical) with damping 0.7 and slew limits (assumed class values); gaugemeter (BISRA) relation
h = S0 + F/K_M, textbook.
"""

from __future__ import annotations

import math

from dryline.kernel import law


@law
def gap_command(
    gap: float, opened: float, compensation: float, force: float, force_nominal: float, inv_mill: float
) -> float:
    """Chock position [m] for a loaded gap [m]: gap - F/K_M, where the share `compensation` of F is the measured force.

    force is the filtered load-cell reading, force_nominal the set-up's force [N]; inv_mill = 1/K_M as believed [m/N];
    opened is added on top (quick open). Compensation 0 is a plain position loop, 1 a stiff mill.
    """
    return gap - inv_mill * (compensation * force + (1.0 - compensation) * force_nominal) + opened


@law
def move_axis(
    target: float, x: float, v: float, filtered: float, stuck: float, seen: float, resolution: float,
    filter_share: float, omega: float, damping: float, slew: float, stick: float, dt: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """One step of a position axis: returns position [m], speed [m/s], filtered reading [m], 1 where friction holds it.

    x'' = omega^2 (target - y) - 2 damping omega x', |x'| <= slew, y the sensor reading, rounded to its resolution and
    filtered (filter_share: share of the way in one step). At rest the axis holds until the error exceeds `stick`
    (stick-slip or backlash) and then runs until the error is a tenth of it.
    """
    raw = math.floor(seen / resolution + 0.5) * resolution if resolution > 0.0 else seen
    filtered += filter_share * (raw - filtered)
    error = target - filtered
    held = stuck
    if held > 0.5:
        if abs(error) > stick:
            held = 0.0
    elif abs(error) < 0.1 * stick and abs(v) < 0.3 * stick * omega:
        held = 1.0
    v_next = v + dt * (omega * omega * error - 2.0 * damping * omega * v)
    v_next = min(max(v_next, -slew), slew)
    v_next = 0.0 if held > 0.5 else v_next
    return x + dt * v_next, v_next, filtered, held
