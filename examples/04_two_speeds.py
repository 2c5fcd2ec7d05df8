"""Change the line: the same electrode at two speeds, and the energy for a kilogram of coating while it is made.

Only the state Execute counts here: a run this short spends more on starting up than on making electrode. Hall, hot rolls and
dust extraction draw the same at any speed, so a slow line pays more for a kilogram.
"""

import dryline

for speed in (40, 60):
    loaded = dryline.load("lfp-cathode", settings=["web.lanes=20", f"speed={speed} m/min"])
    run = dryline.run(loaded, length="30 m", seed=7)
    load = 1e-3 * dryline.set_up(loaded).nips[-1].line_load
    web = run.rollmap()
    execute = web["state"] == 6
    coating = (web["kept_kg"] + web["trim_kg"])[execute].sum()
    energy = run.summary["energy"]["by_state"]["Execute"] / coating
    print(f"{speed} m/min: {energy:.3f} kWh/kg, lamination at {load:.0f} N/mm, {run.summary['run']['good_m']:.0f} m good")

# Prints (figures may differ a little):
# 40 m/min: 0.342 kWh/kg, lamination at 744 N/mm, 35 m good
# 60 m/min: 0.228 kWh/kg, lamination at 744 N/mm, 36 m good
