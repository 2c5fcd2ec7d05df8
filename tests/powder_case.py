"""A small powder line in plain values for the tests of the powder side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from dryline.kernel import Arena
from dryline.line.utilities import Utilities
from dryline.twin.powder import advance_powder
from dryline.twin.powder_parameters import FLOW, PowderParameters, powder_parameters
from dryline.twin.powder_start import start_powder
from dryline.twin.powder_state import SPEED, K, PowderState, powder_fields

NOTHING = np.zeros(K)
"""What a line without recycling returns."""
NOMINAL = 1710.0 / 3600.0
SHARES = {"active": 0.95, "carbon": 0.025, "ptfe": 0.025}


def small_line(share: float | None = None, **changes: float) -> Any:
    """Line for 1.71 t/h of LFP mix, with a `share` of regrind; `changes` name attributes of any station."""
    feeders = tuple(
        SimpleNamespace(
            name=f"feeder_{component}", component=component, hopper_capacity=capacity, refill_level=0.3, refill_time=20.0,
            max_screw_speed=3.0, feed_factor=factor, feed_factor_min=0.8, feed_factor_decay=0.2 * capacity, flights=2.0,
            screw_lag=0.4, dead_time=1.03, weigh_window=10.0,
        )
        for component, capacity, factor in (
            ("active", 150.0, 0.45), ("carbon", 12.0, 0.012), ("ptfe", 12.0, 0.012), ("recycle", 20.0, 0.15),
        )
        if component != "recycle" or share is not None
    )  # fmt: skip
    stations: dict[str, Any] = {
        "mixer": SimpleNamespace(name="mixer", hold_up=20.0, plug_time=5.04, tanks=3, power=60e3),
        "fibrillator": SimpleNamespace(
            name="fibrillator", machine="twin_screw", machines=3, hold_up=8.0, heat_transfer=150.0, jacket_area=2.5,
            jacket_temperature=323.15, product_temperature_max=403.15, work=1.8e5, shear_stress=2e5, tanks=5, jacket_lag=600.0,
            breakage=1.0, power_max=2e5, efficiency=0.9, batch_time=0.0, gas_energy=3e5, gas_dew_point=213.15,
        ),
        "surge_hopper": SimpleNamespace(name="surge_hopper", capacity=120.0, level=0.6),
    }  # fmt: skip
    if share is not None:
        stations["granulator"] = SimpleNamespace(
            name="granulator", lag=300.0, work=2e4, shear_stress=1.5e5, idle_power=3e3, dust_loss=0.02,
        )  # fmt: skip
        stations["regrind_silo"] = SimpleNamespace(
            name="regrind_silo", capacity=150.0, initial_level=0.5, level_low=0.25, level_min=0.1
        )
    for name, value in changes.items():
        for station in (*feeders, *stations.values()):
            if hasattr(station, name):
                setattr(station, name, value)
    return SimpleNamespace(
        feeders=feeders,
        of_kind=lambda kind: (stations[kind],) if kind in stations else (),
        hall=SimpleNamespace(temperature=295.15, dew_point=233.15, volume=2000.0, air_change=20.0 / 3600.0),
        utilities=Utilities(),
    )


def small_recipe() -> Any:
    """LFP mix with fibrillation constants that give about 0.7 fibrils at 0.05 kWh/kg."""
    return SimpleNamespace(
        moisture=5e-4,
        sulfide=None,
        powder=SimpleNamespace(bulk_density=750.0, granule_d50=80e-6, wall_friction=0.2, compressibility=6.0),
        fibrillation=SimpleNamespace(c_p=800.0, k_10=1.5e-5, sigma_1=1e5, a=1.0, k_20=1e-6, sigma_2=2e5, c=1.0, b_T=0.005),
    )


def some_disturbances(**changes: float) -> Any:
    """The reference disturbances of the powder side; `changes` name any of the numbers."""
    hour = 3600.0
    groups: dict[str, dict[str, float]] = {
        "feeders": {
            "white_active": 0.02, "white_carbon": 0.03, "white_ptfe": 0.04, "white_electrolyte": 0.03,
            "white_binder": 0.03, "white_recycle": 0.03, "pulsation": 0.01,
            "drift_per_sqrt_hour": 0.003, "refill_error": 0.05, "bridging_per_hour_ptfe": 0.25,
            "bridging_time_min": 1.0, "bridging_time_max": 10.0, "scale_noise": 0.002,
        },
        "lots": {
            "lot_mass": 5000.0, "bag_mass": 500.0, "bag_share": 1.0 / 3.0, "bulk_density": 0.05, "d50": 0.07,
            "yield_pressure": 0.05, "wall_friction": 0.01745, "compressibility": 0.03, "ptfe_lot_mass": 100.0,
            "ptfe_rate": 0.10,
        },
        "moisture": {"lot": 0.20, "dew_point": 3.0, "dew_point_time": 4 * hour},
        "jacket": {"sigma": 1.0, "time": 600.0},
        "plant": {"residence": 0.05},
    }  # fmt: skip
    for group in groups.values():
        group.update({name: value for name, value in changes.items() if name in group})
    return SimpleNamespace(**{name: SimpleNamespace(**group) for name, group in groups.items()})


def no_disturbances() -> Any:
    """Every number zero."""
    some = some_disturbances()
    return SimpleNamespace(**{name: SimpleNamespace(**dict.fromkeys(vars(group), 0.0)) for name, group in vars(some).items()})


def small_setup(flow: float = NOMINAL, recycled: float | None = None) -> Any:
    """Operating point: 0.05 kWh/kg on three machines, and a share of regrind."""
    flows = {component: (1.0 - (recycled or 0.0)) * share * flow for component, share in SHARES.items()}
    if recycled is not None:
        flows["recycle"] = recycled * flow
    return SimpleNamespace(component_flows=flows, fibrillator_work=1.8e5, fibrillator_machines=3)


def started(
    disturbances: Any, seed: int = 1, tick: float = 0.1, flow: float = NOMINAL, share: float | None = None, **changes: float
) -> tuple[PowderParameters, PowderState, Arena]:
    """Parameters and started state of the small line."""
    line = small_line(share, **changes)
    p = powder_parameters(line, small_recipe(), small_setup(flow, share), disturbances, seed, tick)
    arena = Arena(powder_fields(line, tick))
    s = arena.view(PowderState)
    start_powder(p, s)
    return p, s, arena


def run(
    p: PowderParameters, s: PowderState, ticks: int, speeds: np.ndarray | None = None, first: int = 0, taken: float = -1.0
) -> None:
    """Advance with held commands; the hopper gives the nominal flow unless `taken` [kg per tick] says otherwise."""
    command = s.powder_feeder[SPEED].copy() if speeds is None else speeds
    amount = float(p.feeder[FLOW].sum()) * p.tick if taken < 0.0 else taken
    for tick in range(first, first + ticks):
        advance_powder(p, s, command, p.work, p.jacket_temperature, amount, tick, NOTHING)
