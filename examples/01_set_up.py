"""Set up the shipped LFP line: gap, load and pressure of every nip, how near its limits it is, and what it cannot do."""

import dryline

loaded = dryline.load("lfp-cathode")
setup = dryline.set_up(loaded)

print(f"{setup.line}: {60 * setup.speed:.0f} m/min, {3600 * setup.powder_flow:.0f} kg/h of powder")
for nip in setup.nips:
    print(f"{nip.name}: gap {1e6 * nip.loaded_gap:.0f} µm, load {1e-3 * nip.line_load:.0f} N/mm, "
          f"peak {1e-6 * nip.peak_pressure:.0f} MPa")  # fmt: skip
print(f"{len(setup.checks)} limits hold")

try:
    dryline.set_up(dryline.load("lfp-cathode", settings=["speed=100 m/min"]))
except dryline.Infeasible as refused:
    print(f"at 100 m/min the {refused.limit} limit binds at {refused.station}")

# Prints (figures may differ a little):
# lfp-cathode: 60 m/min, 1800 kg/h of powder
# powder_nip_a: gap 157 µm, load 23 N/mm, peak 16 MPa
# thinning_nip_a1: gap 130 µm, load 127 N/mm, peak 56 MPa
# thinning_nip_a2: gap 113 µm, load 250 N/mm, peak 93 MPa
# powder_nip_b: gap 157 µm, load 23 N/mm, peak 16 MPa
# thinning_nip_b1: gap 130 µm, load 127 N/mm, peak 56 MPa
# thinning_nip_b2: gap 113 µm, load 250 N/mm, peak 93 MPa
# lamination: gap 206 µm, load 744 N/mm, peak 151 MPa
# 78 limits hold
# at 100 m/min the speed limit binds at line
