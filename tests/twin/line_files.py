"""Line files of any topology, written from the shipped LFP line: what a user could write, and nothing but that."""

from __future__ import annotations

import yaml

from dryline.line.load import DATA

SHIPPED = yaml.safe_load((DATA / "lines" / "lfp-cathode.yaml").read_text())
SHARED = ("treatment", "feeder", "granulator", "regrind_silo", "mixer", "fibrillator", "surge_hopper")
HOT = {"roll_temperature": "110 degC"}
FOIL = {"kind": "foil_unwinder", "name": "unwinder", "thickness": "12 um"}
LAMINATION = {"kind": "lamination_nip", "name": "lamination", "roll_diameter": "800 mm", "distance": "2 m", **HOT}


def side_of(side, thinning, free):
    """Stations of a side with a thinning nip for each porosity; a free film has no knives of its own."""
    low = side.lower()
    powder = next(dict(station) for station in SHIPPED["stations"] if station["name"] == "powder_nip_a")
    found = [{"kind": "metering", "name": f"metering_{low}", "side": side}, powder | {"name": f"powder_nip_{low}", "side": side}]
    for n, porosity in enumerate(thinning, 1):
        nip = {"kind": "thinning_nip", "name": f"thinning_nip_{low}{n}", "side": side, "roll_diameter": "600 mm", **HOT}
        found.append(nip | {"porosity": porosity})
    found.append({"kind": "film_gauge", "name": f"gauge_{low}", "side": side})
    return found if free else [*found, {"kind": "film_trim", "name": f"knives_{low}", "side": side}]


def line_file(
    folder, *, sides="AB", thinning=(0.40, 0.35), laminated=True, calender=(), change=None, web=None, recipe="lfp-cathode"
):
    """Write a line file; calender: porosities of nips behind lamination; change: station name -> other values."""
    stations = [dict(station) for station in SHIPPED["stations"] if station["kind"] in SHARED]
    for side in sides:
        stations += side_of(side, thinning, free=not laminated)
    if laminated:
        stations += [dict(FOIL), dict(LAMINATION)]
    for n, porosity in enumerate(calender, 1):
        nip = {"kind": "calender_nip", "name": f"calender_{n}", "roll_diameter": "800 mm", **HOT}
        stations.append(nip | {"porosity": porosity})
    if not laminated:
        stations.append({"kind": "trim", "name": "knives"})
    stations += [{"kind": kind, "name": kind} for kind in ("scanner", "thickness_gauge", "winder")]
    for station in stations:
        station.update((change or {}).get(station["name"], {}))
    values = {name: SHIPPED[name] for name in ("name", "speed")} | {"recipe": str(recipe), "stations": stations}
    values["web"] = SHIPPED["web"] | {"lanes": 20} | (web or {})
    path = folder / "line.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False))
    return path


def both(name, **values):
    """Values for the nips of a name on both sides."""
    return {f"{name[:-1]}{side}{name[-1]}" if name[-1].isdigit() else f"{name}{side}": dict(values) for side in "ab"}
