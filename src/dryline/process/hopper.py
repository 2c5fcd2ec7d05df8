"""Surge hopper: a well-mixed hold-up between the fibrillator and the meterings of the powder nips.

Level: M_s dL/dt = m_feed - m_nip. What the meterings take during a step has the composition at its start. Properties
of the powder are carried as property x mass, so that mixing averages them by mass. Validity: funnel-free flow with
complete mixing (assumed); 2-5 min of hold-up (process reference 3.3).
"""

from __future__ import annotations

from dryline.kernel import law


@law
def drawn_share(content: float, wanted: float) -> tuple[float, float]:
    """Share of the content [kg] that is taken when `wanted` [kg] are asked for; 1 as second number if it is not enough."""
    starved = wanted > content
    return 1.0 if starved else wanted / max(content, 1e-300), 1.0 if starved else 0.0


@law
def carried_mean(carried: float, carrier: float, before: float) -> float:
    """Mass-weighted mean of a property from property x mass and the carrying mass [kg]; `before` where there is none."""
    return carried / carrier if carrier > 0.0 else before
