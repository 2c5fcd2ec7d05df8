"""How much energy and money a dry line saves, under which boundary, and how sure that is."""

import dryline

found = dryline.compare("lfp-cathode", samples=200, known={"dry_equipment": "0.8"})
capacity = found.as_json()["capacity"]
print(f"{capacity['gwh_per_year']:.1f} GWh a year on one line")

for boundary in ("electrode_production", "cell_factory"):
    for vintage in ("open_exhaust_2016", "best_available_2025"):
        saving = found.saving("energy", boundary, vintage, priors="estimates")
        print(
            f"energy, {boundary} against {vintage}: {100 * saving.band.p50:.0f} % saved, "
            f"more than 35 % with a probability of {100 * saving.probability:.0f} %"
        )
for boundary in ("conversion", "with_active_material"):
    saving = found.saving("cost", boundary, "best_available_2025")
    print(f"cost, {boundary}: {100 * saving.saving:.0f} % saved")
print(f"beyond its rated speed the line is limited by: {found.planner.reach['cathode'].bottleneck}")

# Prints (figures may differ a little):
# 5.3 GWh a year on one line
# energy, electrode_production against open_exhaust_2016: 86 % saved, more than 35 % with a probability of 100 %
# energy, electrode_production against best_available_2025: 55 % saved, more than 35 % with a probability of 91 %
# energy, cell_factory against open_exhaust_2016: 41 % saved, more than 35 % with a probability of 81 %
# energy, cell_factory against best_available_2025: 12 % saved, more than 35 % with a probability of 0 %
# cost, conversion: 29 % saved
# cost, with_active_material: 1 % saved
# beyond its rated speed the line is limited by: feeders
