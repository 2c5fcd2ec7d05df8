"""A dry line of LFP beside a wet one: what it saves depends on where the boundary is drawn and how good the wet line is."""

import dryline

found = dryline.compare("lfp-cathode", site="eu", known={"hall": "200 W/m**2"}, target="10 GWh", samples=200)
data = found.as_json()
print(f"one cathode line makes {data['capacity']['gwh_per_year']:.1f} GWh a year")
for boundary, references in data["energy"].items():
    best = references["best_available_2025"]
    less, low, high = (100 * value for value in (best["saving"], best["estimates"]["saving_p5"], best["estimates"]["saving_p95"]))
    print(f"energy, {boundary.replace('_', ' ')}: {less:.0f} % less, {low:.0f} to {high:.0f} % by estimates")
for boundary, references in data["cost"].items():
    best = references["best_available_2025"]
    less, chance = 100 * best["saving"], 100 * best["estimates"]["probability_of_claim"]
    print(f"cost, {boundary.replace('_', ' ')}: {less:.0f} % less, 20 % with a probability of {chance:.0f} %")
planner = data["planner"]
print(f"10 GWh need {planner['cathode_lines']} cathode lines and {planner['anode_lines']} anode lines")

# Prints (figures may differ a little):
# one cathode line makes 5.3 GWh a year
# energy, electrode line: 74 % less, 32 to 77 % by estimates
# energy, electrode production: 74 % less, 40 to 78 % by estimates
# energy, cell factory: 11 % less, 8 to 21 % by estimates
# cost, conversion: 33 % less, 20 % with a probability of 78 %
# cost, without active material: 10 % less, 20 % with a probability of 0 %
# cost, with active material: 4 % less, 20 % with a probability of 0 %
# cost, cell: 2 % less, 20 % with a probability of 0 %
# 10 GWh need 2 cathode lines and 2 anode lines
