"""Run the line until 50 m of good electrode are wound, with few lanes to be quick, and look at its quality."""

import dryline

loaded = dryline.load("lfp-cathode", settings=["web.lanes=20"])
run = dryline.run(loaded, length="50 m", seed=7)

made = run.summary["run"]
print(f"{run.status}: {made['good_m']:.0f} m good of {made['wound_m']:.0f} m wound in {made['simulated_s']:.0f} s")
for name in ("areal_density", "thickness", "porosity"):
    figure = run.summary["quality"][name]
    print(f"{name}: {100 * (figure['mean'] / figure['target'] - 1):+.1f} % off target, "
          f"sigma {figure['sigma_total_pct']:.1f} %, cpk {figure['cpk']:.1f}")  # fmt: skip
print(f"every component is accounted for to 1e-9: {run.summary['mass_balance']['worst_relative_error'] < 1e-9}")

# Prints (figures may differ a little):
# finished: 57 m good of 124 m wound in 289 s
# areal_density: -0.2 % off target, sigma 0.4 %, cpk 1.7
# thickness: +0.2 % off target, sigma 0.4 %, cpk 0.6
# porosity: +1.1 % off target, sigma 1.0 %, cpk 0.6
# every component is accounted for to 1e-9: True
