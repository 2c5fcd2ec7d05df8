"""Read a run folder back: signals over time, the roll map by metre and lane, and the events.

Give the folder of a run as argument; without one a short run is made first.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

import dryline

with tempfile.TemporaryDirectory() as folder:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "run"
    if not path.exists():
        dryline.run(dryline.load("lfp-cathode", settings=["web.lanes=20"]), length="20 m", out=path)

    run = dryline.open(path)
    force = next(column for column in run.columns() if column.name == "reading/lamination/force")
    print(f"{force.name} [{force.unit}]: {force.description}")

    signals = run.signals([force.name, "truth/thinning_nip_*/line_load"])
    for name, values in signals.items():
        print(f"{name}: {values.size} values up to {values.max():.3g}")

    web = run.rollmap()
    areal = web["areal_mass_a"] + web["areal_mass_b"]
    metres, lanes = areal.shape
    profile = np.average(areal[web["product"]], axis=0, weights=web["length"][web["product"]])
    print(f"{metres} rows of {lanes} lanes, {web['length'][web['good']].sum():.0f} m of them good")
    print(f"heaviest lane at {1e3 * web['lane_centres'][profile.argmax()]:.0f} mm, {1e2 * profile.max():.1f} mg/cm2")

    states = [event.message for event in run.events() if event.kind == "state"]
    print(f"{len(states)} changes of state, the last: {states[-1]}")

# Prints (figures may differ a little):
# reading/lamination/force [N]: roll force, drive and operator side
# time: 2842 values up to 284
# reading/lamination/force: 5684 values up to 4.29e+05
# truth/thinning_nip_a1/line_load: 2842 values up to 1.88e+05
# truth/thinning_nip_a2/line_load: 2842 values up to 3.28e+05
# truth/thinning_nip_b1/line_load: 2842 values up to 1.84e+05
# truth/thinning_nip_b2/line_load: 2842 values up to 3.22e+05
# 119 rows of 20 lanes, 20 m of them good
# heaviest lane at 375 mm, 50.1 mg/cm2
# 6 changes of state, the last: Completed
