"""Change the line: the same electrode at two speeds, and the electricity for a kilogram of coating while it is made.

Only the state Execute counts here: a run this short spends more on starting up than on making electrode.
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
# 40 m/min: 0.063 kWh/kg, lamination at 744 N/mm, 34 m good
# 60 m/min: 0.043 kWh/kg, lamination at 744 N/mm, 33 m good
