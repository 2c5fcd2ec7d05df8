"""The boundary table: what is claimed of dry lines, under which boundary, and what of ours it can be held against.

A figure without its boundary says nothing: what is claimed of one technology is ten times for the drying step, more than half for
the electrodes and a third for the factory. A claim that names none is kept as "boundary unknown" and shown beside every boundary
of its kind.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from dryline.studies.planning.published import Claim, claims

Kind = Literal["energy", "cost", "capacity", "other"]

BOUNDARIES: dict[str, tuple[str, ...]] = {
    "energy": ("electrode_line", "electrode_production", "cell_factory"),
    "cost": ("conversion", "without_active_material", "with_active_material", "cell"),
    "capacity": ("capacity",),
    "other": (),
}
"""Boundaries of this software by what is claimed."""

KINDS: dict[str, Kind] = {
    "energy_saving": "energy",
    "cost_saving": "cost",
    "electrode_processing_cost": "cost",
    "manufacturing_cost_saving": "cost",
    "cell_cost_saving": "cost",
    "factory_cost_saving": "cost",
    "pack_cost_saving": "cost",
    "capacity": "capacity",
}
"""What the quantities of the table are about; all others are shares, speeds and components."""

UNKNOWN = "boundary unknown"


class Held(NamedTuple):
    """A claim and the boundaries it can be held against; stated is False where the claim names none and any may be meant."""

    claim: Claim
    kind: Kind
    boundaries: tuple[str, ...]
    stated: bool

    @property
    def said(self) -> str:
        """The boundary in words: as published, or that it is unknown."""
        return self.claim.boundary if self.stated else f"claimed, {UNKNOWN}"


def boundary_table() -> tuple[Held, ...]:
    """All published claims with the boundaries they can be held against, in the order of the table."""
    return tuple(_held(claim) for claim in claims())


def claims_at(kind: Kind, boundary: str) -> tuple[Held, ...]:
    """Claims that can be held against a boundary, those of an unknown one among them; KeyError for a boundary of no kind."""
    if boundary not in BOUNDARIES[kind]:
        raise KeyError(boundary)
    return tuple(held for held in boundary_table() if held.kind == kind and boundary in held.boundaries)


def _held(claim: Claim) -> Held:
    kind = KINDS.get(claim.quantity, "other")
    if claim.held_against == ("unknown",):
        return Held(claim, kind, BOUNDARIES[kind], False)
    return Held(claim, kind, claim.held_against, True)
