"""Which knob moves the product, how far a thicker coating could go, and what stops it there."""

import dryline

gains = dryline.sensitivities("lfp-cathode")
for actuator, move, said in (("lamination.gap", 1e-6, "1 µm of gap"), ("lamination.roll_temperature", 1.0, "1 K of roll")):
    thickness = 1e6 * gains.gain(actuator, "thickness") * move
    load = 1e-3 * gains.gain(actuator, "line_load") * move
    print(f"{said} at the lamination: {thickness:+.2f} µm of electrode, {load:+.1f} N/mm")

window = dryline.window("lfp-cathode", "speed=60:80", "loading=10:60", points=11)
fastest = [row[-1] for row in window.points]
best = max((point for point in fastest if point.feasible), key=lambda point: point.gwh_per_year)
print(f"at 80 m/min and {100 * best.y:.0f} mg/cm² the line makes {best.gwh_per_year:.1f} GWh a year")
for limit, station in window.regions():
    print(f"elsewhere the {limit} limit binds at {station}")

# Prints (figures may differ a little):
# 1 µm of gap at the lamination: +0.25 µm of electrode, -7.4 N/mm
# 1 K of roll at the lamination: -0.15 µm of electrode, -1.5 N/mm
# at 80 m/min and 45 mg/cm² the line makes 12.3 GWh a year
# elsewhere the bed thickness limit binds at powder_nip_a
# elsewhere the feeder range limit binds at feeder_active
# elsewhere the line load limit binds at lamination
# elsewhere the feeder range limit binds at feeder_carbon
