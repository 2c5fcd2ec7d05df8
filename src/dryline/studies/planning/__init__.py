"""What a plant planner asks: capacity, energy and cost of a dry-electrode line beside a wet one, per declared boundary.

Data flows one way: an `ElectrodeLine` (of a dry line from its set-up, or of a wet reference) is a plain value; the same
functions draw up energy, cost and balances of either, so only the process differs. Every figure is a number or an array over
samples, in SI units; money in the currency of the site.
"""
