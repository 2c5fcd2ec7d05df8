"""A made-up run with plausible numbers, seeded: it drives the tests of the records without a twin.

LFP, 25 mg/cm2 a side, 1 m/s. It starts, ramps, winds scrap for half a minute and then product; noise, a wavy
cross-direction profile and one thick spot make the statistics and the pictures worth looking at.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from dryline.line.hidden import HiddenTruth
from dryline.line.patches import patches_of
from dryline.line.web_record import Accounts, MetreBatch
from dryline.records.historian import Tables
from dryline.records.order import Order, Place, kept_lanes
from dryline.records.recorder import Recorder

SPEED = 1.0
TICK = 0.1
PRODUCT_FROM = 30.0
"""Web position from which product is wound [m]."""
FRACTIONS = np.array([0.9495, 0.03, 0.02, 0.0005])
TRIM = 0.05
NIPS = (
    "powder_nip_a",
    "thinning_nip_a1",
    "thinning_nip_a2",
    "powder_nip_b",
    "thinning_nip_b1",
    "thinning_nip_b2",
)
NIPS = (*NIPS, "lamination")
GAPS = dict(zip(NIPS, (168e-6, 130e-6, 113e-6, 168e-6, 130e-6, 113e-6, 217e-6), strict=True))
FORCES = dict(zip(NIPS, (9e3, 126e3, 260e3, 9e3, 126e3, 260e3, 660e3), strict=True))
MARGINS = dict(zip(NIPS, (150e-6, 88e-6, 62e-6, 150e-6, 88e-6, 62e-6, 117e-6), strict=True))

KINDS = {
    **{f"feeder_{c}": ("feeder", "") for c in ("active", "carbon", "ptfe")},
    "mixer": ("mixer", ""),
    "fibrillator": ("fibrillator", ""),
    "surge_hopper": ("surge_hopper", ""),
    **{
        name: (kind, side)
        for side in "AB"
        for name, kind in (
            (f"metering_{side.lower()}", "metering"),
            (f"powder_nip_{side.lower()}", "powder_nip"),
            (f"thinning_nip_{side.lower()}1", "thinning_nip"),
            (f"thinning_nip_{side.lower()}2", "thinning_nip"),
            (f"gauge_{side.lower()}", "film_gauge"),
        )
    },
    "unwinder": ("foil_unwinder", ""),
    "lamination": ("lamination_nip", "AB"),
    **{name: (name, "") for name in ("scanner", "thickness_gauge", "trim", "winder")},
}
STATIONS = tuple(Place(name, kind, side) for name, (kind, side) in KINDS.items())


@dataclass(frozen=True)
class Tag:
    path: str
    unit: str
    shape: tuple[int, ...] = ()
    low: float = -1e30
    high: float = 1e30
    access: str = "read"
    description: str = "a made-up signal"
    carrier: str = ""


class TagTable:
    def __init__(self, tags: list[Tag]) -> None:
        self.tags = tuple(tags)
        sizes = [int(np.prod(tag.shape)) for tag in tags]
        ends = np.cumsum(sizes).tolist()
        self._slices = {tag.path: slice(end - n, end) for tag, n, end in zip(tags, sizes, ends, strict=True)}
        self.size = sum(sizes)

    def slice(self, path: str) -> slice:
        return self._slices[path]


@dataclass
class Commands:
    sequence: int
    values: np.ndarray


@dataclass
class Readings:
    sequence: int
    time: float
    values: np.ndarray
    quality: np.ndarray
    stamp: np.ndarray


@dataclass(frozen=True)
class NipSetUp:
    name: str
    side: str
    kind: str
    mode: str = "gap"
    elongation: float = 1.05
    draw: float = 1.01
    surface_speed: float = 1.0
    roll_temperature: float = 383.15
    loaded_gap: float = 1e-4
    chock_gap: float = 6e-5
    porosity_out: float = 0.35
    line_load: float = 2.4e5
    force: float = 2.5e5
    peak_pressure: float = 9e7
    bending_force: float = 1.2e5
    contact_margin: float = 6e-5
    span_tension: float = 5.0
    power: float = 3e3


@dataclass(frozen=True)
class LimitCheck:
    limit: str
    station: str
    value: float
    bound: float
    unit: str
    satisfied: bool = True


@dataclass(frozen=True)
class SetUp:
    line: str = "reference"
    recipe: str = "lfp"
    speed: float = SPEED
    powder_flow: float = 0.475
    areal_mass: float = 0.5
    thickness: float = 218e-6
    porosity: float = 0.30
    nips: tuple[NipSetUp, ...] = ()
    checks: tuple[LimitCheck, ...] = field(
        default=(
            LimitCheck("line load", "lamination", 6.59e5, 1.0e6, "N/m"),
            LimitCheck("contact margin", "lamination", 1.17e-4, 3e-6, "m"),
            LimitCheck("span tension", "thinning_nip_a1", 4.8, 5.3, "N/m"),
            LimitCheck("fibrillator temperature", "fibrillator", 348.0, 353.15, "K"),
        )
    )


def set_up() -> SetUp:
    nips = [
        NipSetUp(n, KINDS[n][1], KINDS[n][0], loaded_gap=GAPS[n], force=FORCES[n], line_load=FORCES[n] / 1.05)
        for n in NIPS
    ]
    return SetUp(nips=tuple(replace(nip, contact_margin=MARGINS[nip.name]) for nip in nips))


def order(lanes: int = 200) -> Order:
    centres, widths = kept_lanes(1.0, 0.95, lanes)
    return Order(
        line="reference",
        recipe="lfp",
        chemistry="LFP",
        speed=SPEED,
        components=("active", "carbon", "ptfe", "water"),
        areal_mass=0.5,
        side_areal_mass=0.25,
        thickness=218e-6,
        porosity=0.30,
        areal_tolerance=0.025,
        thickness_tolerance=2e-6,
        porosity_tolerance=30.0 / 3470.0,
        kept_width=0.95,
        lane_centres=tuple(centres.tolist()),
        lane_widths=tuple(widths.tolist()),
        active_fraction=0.95,
        active_capacity=155.0,
        voltage=3.2,
        stations=STATIONS,
    )


def tables() -> Tables:
    commands = [Tag("line/speed", "m/s", access="write"), Tag("winder/product", "1", access="write")]
    commands += [Tag(f"{nip}/gap", "m", access="write") for nip in NIPS]
    commands += [Tag(f"{nip}/lift", "m", access="write") for nip in NIPS]
    commands += [Tag(f"{nip}/open", "1", access="write") for nip in NIPS]
    commands += [Tag(f"metering_{side}/segments", "1", (38,), access="write") for side in "ab"]
    readings = [Tag(f"feeder_{c}/weight", "kg") for c in ("active", "carbon", "ptfe")]
    readings += [Tag("feeder_active/refilling", "1")]
    readings += [
        Tag("fibrillator/temperature", "K"),
        Tag("fibrillator/power", "W"),
        Tag("surge_hopper/level", "1"),
    ]
    readings += [Tag(f"metering_{side}/flow", "kg/s") for side in "ab"]
    readings += [Tag(f"{nip}/force", "N", (2,)) for nip in NIPS]
    readings += [Tag(f"{nip}/tension", "N/m") for nip in NIPS]
    readings += [Tag(f"gauge_{side}/thickness", "m", (3,)) for side in "ab"]
    readings += [Tag("scanner/areal_mass", "kg/m2", (2,)), Tag("thickness_gauge/thickness", "m", (3,))]
    readings += [Tag("winder/length", "m"), Tag("winder/speed", "m/s"), Tag("unwinder/tension", "N/m")]
    truth = [
        Tag(f"{nip}/{what}", unit, access="truth")
        for nip in NIPS
        for what, unit in (
            *(("loaded_gap", "m"), ("gap_reference", "m"), ("contact_margin", "m"), ("force", "N")),
            *(("line_load", "N/m"), ("peak_pressure", "Pa"), ("power", "W")),
        )
    ]
    powers = ("mixer", "fibrillator", "feeder_active", "unwinder", "winder")
    truth += [Tag(f"{name}/power", "W", access="truth") for name in powers]
    return Tables(TagTable(commands), TagTable(readings), TagTable(truth))


class Plant:
    """Hands out the made-up values of every tick."""

    def __init__(
        self, seed: int, lanes: int = 200, loss: float = 0.0, daughters: tuple = (), given: bool = False,
        machine: float = 0.0, one_sided: bool = False, patches: bool = False, **ordered: object,
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.order = replace(order(lanes), daughters=daughters, **ordered)
        self.patch_rng = np.random.default_rng([seed, 1]) if patches else None
        self.patches: list[np.ndarray] = []
        if patches:
            self.order = replace(self.order, patch_length=0.02, patch_edges=tuple(patches_of(0.95).edges.tolist()))
        self.sides = 1 if one_sided else 2
        if one_sided:
            stations = tuple(place for place in STATIONS if place.side != "B")
            self.order = replace(self.order, areal_mass=self.order.side_areal_mass, stations=stations)
        self.given = given
        self.machine = machine
        self.tables = tables()
        self.loss = loss
        self.wound = np.zeros(4)
        self.start = 0.0
        self.drift = np.zeros(2)
        width = np.asarray(self.order.lane_centres) / 0.475
        self.profile = 0.003 * np.cos(np.pi * width) - 0.002 * width + 0.001 * np.cos(7 * width)
        self.truth = np.zeros(self.tables.truth.size)
        self.readings = np.zeros(self.tables.readings.size)
        self.commands = np.zeros(self.tables.commands.size)

    def accounts(self, time: float) -> Accounts:
        fed = 0.55 * time * FRACTIONS
        vapour = np.array([0.0, 0.0, 0.0, 0.1 * fed[3]])
        stored = np.array([900.0, 30.0, 20.0, 0.5]) + fed - vapour - self.wound * (1.0 + self.loss)
        return Accounts(fed, vapour, stored, np.zeros(4))

    def metre(self, time: float) -> MetreBatch:
        rng, order_ = self.rng, self.order
        lanes = len(order_.lane_centres)
        self.drift = 0.97 * self.drift + 0.0008 * rng.standard_normal(2)
        relative = self.profile + self.drift[:, None] + 0.002 * rng.standard_normal((2, lanes))
        product = self.start >= PRODUCT_FROM
        if not product:
            relative += 0.08 * (1.0 - self.start / PRODUCT_FROM)
        if 100.0 <= self.start < 103.0:
            relative[:, lanes // 3 : lanes // 3 + 12] += 0.04
        areal = 0.25 * (1.0 + relative)
        areal[self.sides :] = 0.0
        tilt = self.machine * 2e-6 * np.asarray(order_.lane_centres) / 0.475
        thickness = 218e-6 * (1.0 + 0.4 * relative.mean(axis=0)) + 0.15e-6 * rng.standard_normal(lanes)
        thickness += self.machine * 1e-6 + tilt
        kept = float(areal.sum(axis=0) @ np.asarray(order_.lane_widths)) * FRACTIONS
        trim = TRIM * kept
        self.wound = self.wound + kept + trim
        batch = MetreBatch(
            start=np.array([self.start]),
            length=np.ones(1),
            time=np.array([time]),
            speed=np.full(1, SPEED),
            roll=np.array([1 + int(self.start // 150)], np.int32),
            product=np.array([product]),
            state=np.array([6 if product else 3], np.int16),
            areal_mass_a=areal[:1],
            areal_mass_b=areal[1:],
            thickness=thickness[None, :],
            porosity=0.30 - 0.3 * relative.mean(axis=0)[None, :],
            strength=np.full((1, lanes), 0.8e6),
            kept_kg=kept[None, :],
            trim_kg=trim[None, :],
            **(self.properties(relative.mean(axis=0)) if self.given else {}),
            **(self.on_patches() if self.patch_rng else {}),
        )
        self.start += 1.0
        return batch

    def properties(self, relative: np.ndarray) -> dict[str, np.ndarray]:
        """Columns that a machine may leave out; they follow the areal mass, so that they need no numbers of their own."""
        holes = np.zeros((1, relative.size))
        holes[0, relative.size // 4] = float(self.start % 25.0 == 7.0)
        return {
            "peel_strength": 14.0 * (1.0 - 3.0 * relative)[None, :],
            "resistivity": 0.8 * (1.0 + 5.0 * relative)[None, :],
            "tortuosity": 3.1 * (1.0 + relative)[None, :],
            "strength_cd": 0.5e6 * (1.0 - relative)[None, :],
            "foil_strain": np.full(1, 0.004) + 1e-4 * relative.mean(),
            "moisture": np.full(1, 3e-4),
            "passes": np.full(1, 0.11 * min(1.0, self.start / 60.0)),
            "pinholes": holes,
            "edge_cracks": np.full(1, float(40.0 <= self.start < 44.0)),
        }

    def on_patches(self) -> dict[str, np.ndarray]:
        """Moments of made-up patches of a metre, which are kept: (3, row, column) of A, B and both."""
        places = np.linspace(-1.0, 1.0, len(self.order.patch_widths))
        rows = self.patch_rng.standard_normal((2, 50, 1)) + 0.5 * self.patch_rng.standard_normal((2, 50, places.size))
        field_ = 0.25 * (1.0 + 0.004 * rows + 0.003 * np.cos(3.0 * places) + 0.001 * self.patch_rng.standard_normal())
        field_[self.sides :] = 0.0
        field_ = np.concatenate((field_, field_.sum(axis=0, keepdims=True)))
        self.patches.append(field_)
        widths = np.asarray(self.order.patch_widths)
        found = {f"patch_mass_{side}": field_[i].mean(axis=0)[None] for i, side in enumerate("ab")}
        for i, side in enumerate(("a", "b", "both")):
            found[f"patch_variance_{side}"] = field_[i].var(axis=0)[None]
            found[f"row_variance_{side}"] = np.array([(field_[i] @ widths / widths.sum()).var()])
        return found

    def tick(self, count: int) -> tuple[Commands, Readings, np.ndarray]:
        time = count * TICK
        rng = self.rng
        noise = rng.standard_normal(len(NIPS))
        truth, readings, commands = self.truth, self.readings, self.commands
        for i, nip in enumerate(NIPS):
            own = 1.5e-6 * self.machine if nip == "lamination" else 0.0
            values = [GAPS[nip] + own + 0.25e-6 * noise[i] + 2e-6 * np.exp(-time / 15.0), GAPS[nip]]
            values += [MARGINS[nip] + 0.5e-6 * noise[i], FORCES[nip] * (1 + 0.002 * noise[i])]
            values += [FORCES[nip] / 1.05, 9e7, 500.0 + FORCES[nip] * 0.02]
            truth[7 * i : 7 * i + 7] = values
        truth[7 * len(NIPS) :] = [15e3, 70e3 * (1 + 0.02 * noise[0]), 0.4e3, 0.2e3, 1.5e3]
        readings[:] = 1.0
        level = 0.6 + 0.02 * np.sin(time / 90.0)
        readings[:9] = [300 - time % 200, 12.0, 9.0, float(time % 200 < 1.0), 347 + 0.3 * noise[1], 70e3, level, 0.26, 0.261]
        readings[self.tables.readings.slice("scanner/areal_mass")] = 0.532
        readings[self.tables.readings.slice("thickness_gauge/thickness")] = 217e-6
        readings[self.tables.readings.slice("winder/length")] = self.start
        for side in "ab":
            readings[self.tables.readings.slice(f"gauge_{side}/thickness")] = 115e-6 + 0.2e-6 * noise[:3]
        for nip in NIPS:
            skew = 0.01 * self.machine * np.array([1.0, -1.0]) if nip == "thinning_nip_a2" else 0.0
            readings[self.tables.readings.slice(f"{nip}/force")] = FORCES[nip] / 2 * (1.0 + 0.002 * noise[i] + skew)
            readings[self.tables.readings.slice(f"{nip}/tension")] = 4.8
        commands[0] = SPEED
        commands[1] = float(self.start >= PRODUCT_FROM)
        commands[2 : 2 + len(NIPS)] = list(GAPS.values())
        tags = len(self.tables.readings.tags)
        quality = np.zeros(tags, np.uint8)
        return Commands(count, commands), Readings(count, time, readings, quality, np.full(tags, time)), truth


def record(
    path: Path,
    seconds: float,
    seed: int = 1,
    lanes: int = 200,
    loss: float = 0.0,
    daughters: tuple = (),
    given: bool = False,
    machine: float = 0.0,
    one_sided: bool = False,
    patches: bool = False,
    **ordered: object,
) -> tuple[Recorder, Plant]:
    """Record a made-up run of `seconds`, not yet closed, of an order with the values `ordered`.

    `machine` 1 is another machine: its lamination gap is 1.5 um wider, its web 1 um thicker and tilted by 4 um over the
    width, and thinning nip a2 carries 2 % more on the drive side. `patches`: the web comes with those of 20 mm, of its own
    numbers.
    """
    plant = Plant(seed, lanes, loss, daughters, given, machine, one_sided, patches, **ordered)
    recorder = Recorder.start(
        path,
        order=plant.order,
        set_up=set_up(),
        tables=plant.tables,
        seed=seed,
        command_line=("dryline", "run", "reference"),
        inputs={"line": "reference", "recipe": "lfp", "disturbances": "reference", "machine_seed": round(machine)},
        line_yaml="name: reference\n",
        hidden=(
            HiddenTruth("lamination", "zero of the gap sensor", "drive side", "m", 1e-6 * machine, 0.5e-6),
            HiddenTruth("lamination", "stiffness of the housing", "", "N/m", 18e9, 5e8),
        ),
        tick=TICK,
    )
    recorder.accounts(0.0, plant.accounts(0.0))
    recorder.event(0.0, "state", "line", "Starting", 3.0)
    advance(recorder, plant, 0, round(seconds / TICK))
    return recorder, plant


def advance(recorder: Recorder, plant: Plant, first: int, last: int) -> None:
    """Record the ticks first + 1 ... last."""
    for count in range(first + 1, last + 1):
        time = count * TICK
        commands, readings, truth = plant.tick(count)
        if count % round(1.0 / (SPEED * TICK)) == 0:
            recorder.web(plant.metre(time))
        recorder.accounts(time, plant.accounts(time))
        if count == 301:
            recorder.event(time, "state", "line", "Execute", 6.0)
        if count == 1000:
            recorder.event(time, "alarm", "scanner", "areal mass high in lanes 63 to 75", 0.04)
        recorder.tick(time, commands, readings, truth, 6 if time > 30.0 else 3)
