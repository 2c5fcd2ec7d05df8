"""A small drawing of each kind of station, in a box of 44 by 44 around the origin, drawn with the page's own
lines.
"""

from __future__ import annotations

_ROLLS = '<circle cy="-11" r="10"/><circle cy="11" r="10"/>'
_GAUGE = '<path class="open" d="M-6-17H12V17H-6"/><path d="M-11-17h10v8h-10zM-11 9h10v8h-10z"/>'
_KNIVES = (
    '<circle cx="-9" cy="-9" r="8"/><circle cx="9" cy="-9" r="8"/>'
    '<path class="open" d="M-20 3H20M-9 3v12M9 3v12"/>'
)

GLYPHS = {
    "feeder": '<path d="M-16-19H16L7 1H-7z"/><rect x="-7" y="1" width="25" height="10"/>'
    '<path class="open" d="M-4 11l5-10M3 11l5-10M10 11l5-10"/>',
    "treatment": '<rect x="-17" y="-15" width="34" height="30" rx="4"/>'
    '<path class="open" d="M-9 9c-5-6 5-8 0-15M0 9c-5-6 5-8 0-15M9 9c-5-6 5-8 0-15"/>',
    "granulator": '<path d="M-17-19H17L12-4H-12z"/><circle cy="5" r="12"/>'
    '<path class="open" d="M0-7L3 2H-3zM0 17L-3 8H3zM-12 5L-3 2V8zM12 5L3 8V2z"/>',
    "regrind_silo": '<path d="M-12-20H12V6L4 19H-4L-12 6z"/><path class="open" d="M-12-8H12M-12 6H12"/>',
    "mixer": '<circle r="17"/><path class="open" d="M-11-5L11 5M-11 5L11-5"/><circle r="2.5"/>',
    "fibrillator": '<rect x="-20" y="-14" width="40" height="28" rx="14"/>'
    '<circle cx="-7" r="9"/><circle cx="7" r="9"/>'
    '<path class="open" d="M-11-4l8 8M3-4l8 8"/>',
    "surge_hopper": '<path d="M-17-18H17V0L6 17H-6L-17 0z"/><path class="open" d="M-17-6H17"/>',
    "metering": '<path d="M-15-19H15L8-5H-8z"/><circle cy="7" r="11"/>'
    '<path class="open" d="M-11 7H11M0-4V18M-8-1L8 15M8-1L-8 15"/>',
    "powder_nip": '<circle cx="-11" r="10"/><circle cx="11" r="10"/>'
    '<path class="open" d="M-8-18L-1-5M8-18L1-5"/>',
    "thinning_nip": _ROLLS,
    "lamination_nip": '<circle cy="-12" r="11"/><circle cy="12" r="11"/>'
    '<circle cy="-12" r="3"/><circle cy="12" r="3"/>',
    "calender_nip": '<circle cy="-12" r="11"/><circle cy="12" r="11"/><path class="open" d="M-19 0H19"/>',
    "film_gauge": _GAUGE,
    "scanner": _GAUGE + '<path class="open" d="M-17-3v6M-19 0l2 3 2-3M-19 0l2-3 2 3"/>',
    "thickness_gauge": _GAUGE,
    "foil_unwinder": '<circle r="17"/><circle r="11"/><circle r="4"/><path class="open" d="M17 0V19"/>',
    "winder": '<circle r="17"/><circle r="12"/><circle r="7"/><circle r="3"/>',
    "slitter": '<circle cx="-12" cy="-10" r="7"/><circle cx="0" cy="-10" r="7"/><circle cx="12" cy="-10" r="7"/>'
    '<path class="open" d="M-20 2H20M-12 2v13M0 2v13M12 2v13"/>',
    "film_trim": _KNIVES,
    "trim": _KNIVES,
}

OTHER = '<rect x="-16" y="-14" width="32" height="28" rx="4"/>'
"""A station without a drawing of its own."""


def glyph(kind: str) -> str:
    """The drawing of a kind of station as SVG elements."""
    return GLYPHS.get(kind, OTHER)
