"""Which stations a line needs and in which order they may stand."""

from __future__ import annotations

from collections.abc import Sequence

ONE_EACH = ("mixer", "fibrillator", "surge_hopper", "scanner", "thickness_gauge", "winder")
"""Stations that every line has once."""
AT_MOST_ONE = ("foil_unwinder", "lamination_nip", "trim")
OF_A_SIDE = ("metering", "powder_nip", "thinning_nip", "film_gauge", "film_trim")
"""Stations of a side in their order; thinning nips may repeat or be absent, the film knives may be absent."""


def misplaced(stations: Sequence[tuple[str, str]]) -> str:
    """What is wrong with the stations (kind, side) of a line, with its remedy; empty where nothing is.

    A side is metering, powder nip, any number of thinning nips, film gauge and, if its film is cut before lamination, film
    knives. Two films meet on the foil in a lamination nip; one film may be laminated, laid on a carrier or wound as it is.
    Calender nips stand behind lamination.
    """
    kinds = [kind for kind, _ in stations]
    for kind in ONE_EACH:
        if kinds.count(kind) != 1:
            return f"a line needs exactly one station of kind {kind}; found {kinds.count(kind)}"
    for kind in AT_MOST_ONE:
        if kinds.count(kind) > 1:
            return f"a line has at most one station of kind {kind}; found {kinds.count(kind)}"
    sides = [side for side in ("A", "B") if any(own == side for _, own in stations)]
    if "A" not in sides:
        return "a line makes a film on side A; give metering, powder_nip and film_gauge of side A"
    if "lamination_nip" not in kinds and (len(sides) > 1 or "foil_unwinder" in kinds or "calender_nip" in kinds):
        return "a foil, a second film and calender nips need a lamination_nip; add one behind the sides"
    for side in sides:
        found = _side([kind for kind, own in stations if own == side])
        if found:
            return f"side {side} {found}"
    return _common(stations, sides)


def _side(kinds: list[str]) -> str:
    once = [kind for kind in kinds if kind != "thinning_nip"]
    wanted = ["metering", "powder_nip", "film_gauge", "film_trim"]
    order = [OF_A_SIDE.index(kind) for kind in kinds]
    if once not in (wanted, wanted[:3]) or order != sorted(order):
        return "needs metering, powder_nip, thinning nips, film_gauge and perhaps film_trim, in this order"
    return ""


def _common(stations: Sequence[tuple[str, str]], sides: list[str]) -> str:
    kinds = [kind for kind, _ in stations]
    laminated = "lamination_nip" in kinds
    last_side = max(n for n, (_, side) in enumerate(stations) if side in ("A", "B"))
    common = [n for n, kind in enumerate(kinds) if kind in ("lamination_nip", "calender_nip")]
    if common and common[0] < last_side:
        return f"the {kinds[common[0]]} must stand behind both sides"
    if len(sides) > 1 and "foil_unwinder" not in kinds:
        return "two films need a foil between them; add a foil_unwinder"
    if laminated and kinds[common[0]] != "lamination_nip":
        return "calender nips stand behind the lamination_nip"
    trimmed = {side for kind, side in stations if kind == "film_trim"}
    if trimmed and trimmed != set(sides):
        return "film knives stand on every side or on none; give each side a film_trim"
    if trimmed and not laminated:
        return "film knives stand before a lamination_nip; a film that is wound as it is has a trim"
    if not trimmed and "trim" not in kinds:
        return "a line cuts its edges: give every side a film_trim or add a trim before the winder"
    if trimmed and "trim" in kinds:
        return "edges are cut once: give film_trim on the sides or a trim before the winder"
    return ""
