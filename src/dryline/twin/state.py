"""Parameters, state and inputs of the web twin: arrays of records, one row a chain, a nip, a cell; rows, never types.

Words: a *chain* is a row of nips that share one clock of material cells (film side A, film side B, electrode); a *track*
is one layer of a chain (the electrode has one track per film); a *cell* is a short length of web over all lanes. Cell
number n of a track lies in row base + n % ring of the web arrays. SI throughout; masses in kg per lane.

Quantities that vary over the lanes lie in plain arrays with the lanes last, everything else in records, so that a kernel
takes few arrays however many quantities there are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dryline.drives.run_out import STATES
from dryline.kernel import Arena
from dryline.kernel import record as record
from dryline.materials.recipe import COMPONENTS as SOLIDS
from dryline.process.tabulated import CELLS

Array = np.ndarray
Record = Any
"""A row of an array of records as a law takes it: a pointer to its fields."""

COMPONENTS = (*SOLIDS, "water")
"""Components of every account: the solids of a mix, water last."""
MASSES = len(COMPONENTS)
CARRIED = ("passed_1", "passed_2", "passed_3", "passed_4", "passes", "work", "work_square", "exposure")
"""What a cell carries of its powder beside composition and fibrils, as means: over the solids, exposure over the sulfide."""
FILM = ("aligned", "peak", "load", "warmth", "cracks")
"""What a cell carries of its film: alignment of the fibrils, largest peak pressure [Pa], line load [N/m] and temperature [K]
of its last nip, cracks per metre of edge so far."""
ALIGNED, PEAK, LOADED, WARMTH, CRACKS = range(len(FILM))
METRES = 8
"""Slots for metres of wound web: the finished ones of a tick and the one in the making."""

# rows of Twin.across (nip, quantity, lane): gap, its response and defect; load, slopes against gap and (negative) released
# density; film in the nip (solid thickness, memory), the same of the cell on its way in, and the change of load it brings
H, RESPONSE, DEFECT, LOAD, SLOPE, EASE, SOLID, DENSE, YIELDED, RELEASED = range(10)
COMING_SOLID, COMING_DENSE, COMING_YIELDED, COMING_RELEASED, CHANGE = range(10, 15)
# rows of Twin.spread (chain, which, lane): grid time before, after, and the command
BEFORE, AFTER, COMMAND = range(3)
# rows of Twin.metre_lanes (metre, quantity, lane): kg of the layers, thickness x length of solid and of relaxed film
MASS_A, MASS_B, SOLID_LENGTH, FILM_LENGTH = range(4)

_f, _i = np.float64, np.int64
_M, _P, _F = (MASSES,), (len(CARRIED),), (len(FILM),)


CHAIN = record(  # parameters of a chain
    ("cell", _f),  # length of a cell at the chain's first nip
    ("ring", _i),  # rows of one track
    ("track", _i, (2,)),  # first row of the track of each layer, -1 none
    ("parent", _i, (2,)),  # film chain that feeds each layer, -1 none
    ("child", _i),  # chain that takes this film, -1 none
    ("leave", _i),  # cells from the entry to the place where the film leaves into its child
    ("trim", _i),  # cells to the trim knives, -1 none
    ("film_trim", _i),  # cells to the film knives, -1 none
    ("wind", _i),  # cells to the winder, -1 none
    ("nips", _i, (2,)),  # first nip, one past the last
    ("swept", _f),  # nip metering, m3 per turn
    ("swept_belief", _f),  # kg per turn as the drive believes it
    ("metering_lag", _f),
    ("granule_noise", _f),  # standard deviation on a place of the bed
    ("granule_key", np.uint64),
    ("bed_full", _f),  # volume of the full hopper bed of a flooded nip, m3
    ("bite_radius", _f),  # roll radius of a flooded nip, 0 where the nip is starved
)

ROLL = record(  # parameters of a nip: the plant's truth, and the drive's beliefs where it says so
    ("chain", _i),
    ("offset", _i),  # cells behind the entry of the chain
    ("width", _f),  # of the film in the nip
    ("foil", _f),  # 1 where the foil runs through the nip
    ("inv_housing", _f),  # 1/K_h
    ("inv_tilt", _f),  # tilt of the gap at eta = 1 per moment of the load (N x eta)
    ("bending", _f),  # bending of both rolls, centre against edge, per N
    ("inv_flattening", _f),  # 1/K_fl of a metre of width
    ("tilt_arm", _f),  # gap at eta = 1 per difference of the chocks
    ("clearance", _f),  # opening by the bearing film per m/s, up to 1 m/s
    ("runout", _f, (2, 3, 4)),  # roll, harmonic: cosine and sine of the run-out at the drive and at the operator side
    ("runout_most", _f),  # sum of the amplitudes
    ("radius", _f, (2,)),
    ("span_length", _f),  # free span before the nip
    ("span_stiffness", _f),  # film modulus times thickness, N/m
    ("ratio_error", _f),  # relative error of the surface speed (roll diameter)
    ("drive_lag", _f),
    ("omega", _f),  # gap axis
    ("damping", _f),
    ("slew", _f),
    ("stick", _f),
    ("position_offset", _f, (2,)),  # error of the position sensor after zeroing
    ("position_noise", _f),  # with the rounding to the sensor's resolution
    ("position_lag", _f),
    ("force_noise", _f),
    ("force_gain", _f, (2,)),  # relative gain error of the load cells
    ("compensation", _f),  # gaugemeter factor c_g (drive)
    ("compensation_lag", _f),
    ("inv_mill", _f),  # 1/K_M as the drive believes it
    ("force_nominal", _f),  # force of the set-up, as the drive was told
    ("pack", _f),  # solid in the gap over solid in the film that leaves: a slower roll holds it back
    ("weight", _f),  # roll force at which the bearings reverse
    ("jump", _f),  # clearance of the bearings that a load takes up; 0 where they are preloaded
    ("force_time", _f),  # closed-loop time of force mode
    ("force_reach", _f),  # how far force mode may move the gap
)

DRIVE = record(  # a nip's drive: what it believes, and its state
    ("stick", _f),  # friction or backlash of an axis as believed at the start
    ("compliance", _f),  # gap that a force takes, mean over the width, m/N
    ("as_gap", _f),  # run-out that a change of the force means, m/N
    ("force_nominal", _f),
    ("cancel", _f),  # share of the run-out that the axes move against
    ("growth", _f),  # growth of both rolls, m/K
    ("thermal_share", _f),  # share of the growth that the axes take out
    ("thermal_lag", _f),
    ("wanted", _f, (2,)),  # state: reference of each side, and how fast it moves
    ("rate", _f, (2,)),
    ("axis", _f, (2, 5)),  # side: position, speed and friction lag of the model, integral, learnt friction
    ("filming", _f),  # 1 while a film is in the nip
    ("learning", _f),  # 1 while its run-out is learnt
    ("mean_speed", _f),
    ("expected", _f),  # run-out that is expected now, and what the axes take out
    ("applied", _f),
    ("x", _f, (STATES,)),  # run-out observer
    ("P", _f, (STATES, STATES)),
    ("roll_temperature", _f),  # filtered reading, 0 before the first
    ("zero_temperature", _f),  # at the last zeroing, 0 before the first
    ("thermal", _f),  # growth taken out
    ("film", _f),  # opening by the bearing film per m/s, up to 1 m/s, that the axes take out
    ("chock", _f),  # chock gap and contact margin of the set-up, and the bending force it was for
    ("margin", _f),
    ("bending", _f),
    ("bending_influence", _f),
    ("margin_least", _f),  # below it the nip opens; references that would leave less than `margin_kept` are not followed
    ("margin_kept", _f),
    ("force_limit", _f),
    ("trip", _f),  # state: what has opened the nip, of `drives.interlocks`
    ("lifted", _f),  # state: by how much the reference is held off
    ("seeing", _f),  # state: 1 after the first reading
    ("last_seen", _f, (2,)),
    ("same", _f, (2,)),
    ("since", _f, (4,)),  # state: time for which a reason to open has lasted
    ("load_mean", _f),
    ("film_mean", _f),  # state: force of late, that a lost film is told from
    ("filmed", _f),  # state: time for which a film has been in the nip
)

LINE = record(  # state of the line
    ("clock", _f),
    ("speed", _f),  # reached line speed
    ("metres", _i),  # finished metres in their slots; the next slot is the one in the making
    ("wound", _f),
)

CLOCK = record(  # state of a chain
    ("ticks", _i),  # cells formed
    ("seen", _i),  # cells formed when the gauges looked last
    ("phase", _f),  # length formed of the cell that enters
    ("bed", _f),  # powder on the bed of the forming cell, or in the hopper bed of a flooded nip, kg
    ("metering_speed", _f),  # rev/s
    ("metered", _f),  # kg through the metering since the start of the tick
    ("taken", _f),  # kg laid down as finished bed cells since the start of the tick
    ("weigh_factor", _f),  # correction of the metering by its weighing
    ("granule_row", _i),  # row of places held in granule_cells[0]; the next one lies in granule_cells[1]
    ("eaten", _f),  # share of the leaving cell already merged
)

NIP = record(  # state of a nip
    ("travel", _f),  # distance since the last cell
    ("length", _f),  # expected length of the cell that is drawn in
    ("last_length", _f),  # length of the cell before it
    ("speed", _f),
    ("ratio", _f),  # speed ratio that the drive has reached: the elongation that the draw of a span is counted from
    ("angle", _f, (2,)),
    ("force", _f),
    ("moment", _f),  # sum of load x eta
    ("point", _f, (4,)),  # G, T, F, M of the last full solution
    ("place", _f, (2,)),  # G, T now
    ("sums", _f, (5,)),
    ("coming", _f, (3,)),  # load, moment and mean gap that the cell on its way in will bring
    ("means", _f, (4,)),  # mean h, a, a eta, a (1 - eta^2)
    ("gap", _f),  # width mean of the loaded film gap, now
    ("tilt", _f),  # loaded tilt at eta = 1, now
    ("peak", _f),  # width mean of the peak pressure
    ("residual", _f),  # last Newton correction as a gap
    ("iterations", _i),
    ("low", _i, (2,)),  # 1 where the power branch is needed: in the nip, on the way in
    ("axis", _f, (2, 4)),  # side: position, speed, measured (filtered), friction lag
    ("force_filtered", _f),
    ("bearing", _f),  # gap by which the bearings have not been taken up
    ("force_shift", _f),  # gap by which force mode has moved the axes
    ("tension", _f),  # N/m
    ("trim", _f),  # trim of the surface speed by the tension loop
    ("yield_factor", _f, (2,)),  # of the cell in the nip, on the way in
    ("tick_sum", _f, (4,)),  # over the tick: sums of gap, tilt, force; smallest gap
)

CELL = record(  # state of a material cell, beside its lanes
    ("share", _f, _M),  # mass fractions
    ("fibril", _f, (3,)),  # f_U, f_F, f_B
    ("carried", _f, _P),
    ("film", _f, _F),
    ("volume", _f),  # solid volume per kg
    ("yield_factor", _f),
    ("length", _f),
    ("left", _f),  # time at which the cell left its last nip
    ("foil", _f),  # thickness of the foil under the cell
)

MERGE = record(  # one layer of the forming electrode cell: mass-weighted sums
    ("share", _f, _M),
    ("fibril", _f, (3,)),
    ("carried", _f, _P),
    ("film", _f, _F),
    ("volume", _f),
    ("yield_factor", _f),
)

METRE = record(  # a metre of wound web
    ("time", _f),
    ("length", _f),
    ("foil", _f),  # thickness x length
    ("fibril", _f, (3,)),  # kg x f_U, kg x f_F, kg
    ("carried", _f, _P),  # kg x mean
    ("film", _f, _F),  # kg x value
    ("share", _f, _M),  # kg kept
    ("trim", _f, _M),  # kg trimmed
)

PATCH_PART = record(  # a part of a lane that lies in one column of patches
    ("lane", _i),
    ("column", _i),
    ("share", _f),  # of the lane's mass
)

PATCH_ROW = record(  # the row of patches in the making
    ("patch", _f),  # length of a whole row
    ("length", _f),  # of this one so far
    ("closed", _f),  # length of the rows that the open metre has already
)

LINE_IN = record(  # inputs of a tick
    ("speed", _f),  # line speed set point
    ("acceleration", _f),  # largest change of the line speed, m/s2
    ("torn", _i),  # one more than the number of the nip before which the web has broken, else 0
    ("foil", _f),  # foil thickness now
    ("share", _f, _M),  # surge hopper: mass fractions
    ("fibril", _f, (3,)),
    ("carried", _f, _P),
    ("hall", _f),  # temperature at which film is returned
    ("aged", _i),  # the component that is of sulfide
    ("fibrillation", _f, (3,)),  # k_1, k_2 [kg/J] and b_T of the mix
    ("cracking", _f, (3,)),  # constants of the edge cracks
    ("volume", _f),  # solid volume per kg
    ("density", _f),  # bulk density
    ("yield_factor", _f),
    ("air", _f),  # loss of bulk density per m/s
    ("spread_time", _f),  # grid time of spread[:, BEFORE]
    ("spread_step", _f),
    ("lane_width", _f),
    ("relax", _f),  # beta_r
    ("relax_rate", _f),  # 1/tau_r
    ("table", _f, (CELLS, 4)),  # virgin curve of a compaction law without closed form
)

CHAIN_IN = record(
    ("rate", _f),  # kg per metre of roll travel
    ("bed_density", _f),  # relative density of the loose bed at standstill
    ("metering_noise", _f, (2,)),  # relative, at the start and the end of the tick
    ("divert", _f),  # 1 sends the whole film back instead of its edges
    ("bite_angle", _f),  # nip angle of the powder, rad
)

NIP_IN = record(
    ("ratio", _f),  # surface speed over line speed
    ("gap", _f),  # loaded-gap reference (film and foil) with its lift over a splice
    ("correction", _f),  # of the zero of the gap, as the gauges have it
    ("tilt", _f),  # operator minus drive chock
    ("bending", _f),  # bending force
    ("opened", _f),  # extra opening
    ("force_mode", _f),  # 1: the force is held, not the gap
    ("force", _f),  # force set point
    ("lift", _f),  # gap from frame growth
    ("tension", _f),  # tension of the span before the nip at nominal draw, N/m
    ("elongation", _f),
    ("aligning", _f),  # alignment rate times strain
    ("work", _f),  # shear work on the film, J/kg
    ("temperature", _f),  # of the film in the nip
    ("root_R", _f),  # square root of the flattened radius
    ("virgin", _f, (7,)),  # P_y, E_el, A, D_J, p_J, K0, f
    ("beta", _f, (16,)),
    ("speed_noise", _f, (2,)),  # relative, at the start and the end of the tick
    ("stuck", _f, (2,)),  # faults of the gap sensors: 1 shows its last value; added to it, not a number is silence
    ("jumped", _f, (2,)),
    ("drift", _f, (2,)),  # of the load cells, relative
)


class Twin(NamedTuple):
    """All arrays of the web twin. Letters: c chain, k nip, r row, l lane, d metre."""

    chains: Array  # c: CHAIN
    rolls: Array  # k: ROLL
    drives: Array  # k: DRIVE
    eta: Array  # k x l: place across the film in the nip, -1 .. 1 at its edges
    shape: Array  # k x l: 1 - eta^2
    keep: Array  # l: share of the lane inside the kept width
    granules: Array  # l x 2: lane edges in granule places
    line_in: Array  # 1: LINE_IN
    chain_in: Array  # c: CHAIN_IN
    nip_in: Array  # k: NIP_IN
    base: Array  # k x l: gap from crown, bending actuators and thermal growth
    cover: Array  # c x l: share of the lane that film covers
    inv_cover: Array  # c x l: 1/cover, 1 where there is no film
    returned: Array  # `powder_state.CARGO`: kg sent back to the powder side since the start of the tick
    spread: Array  # c x 3 x l: relative distribution over the width
    noise: Array  # 2 (position, force) x ms x axis
    line: Array  # 1: LINE
    clocks: Array  # c: CLOCK
    granule_cells: Array  # c x 2 x place: running sums over the width
    nips: Array  # k: NIP
    trace: Array  # k x step: loaded film gap at every step of the tick
    across: Array  # k x 15 x l
    mass: Array  # r x l
    memory: Array  # r x l: D_max
    cells: Array  # r: CELL
    merge: Array  # layer: MERGE
    merge_lanes: Array  # layer x 2 x l: kg and sum of kg / D_max
    metres: Array  # d: METRE
    metre_lanes: Array  # d x 4 x l
    patch_parts: Array  # part: PATCH_PART
    patch_widths: Array  # column of patches, and the whole kept width last
    patch_row: Array  # 1: PATCH_ROW
    patch_lanes: Array  # layer x l: kg in the open row of patches
    patch_columns: Array  # layer x (column, all): place to work in
    patch_metres: Array  # d x (A, B, both) x (mean, square) x (column, all): moments over the rows of a metre


class Sizes(NamedTuple):
    """Counts that fix the shapes of the arrays."""

    chains: int
    nips: int
    lanes: int
    rows: int
    places: int
    steps: int
    tick_ms: int
    patch_parts: int
    patch_columns: int


def twin_fields(n: Sizes) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of every array of `Twin`, for an `Arena`."""
    c, k, l, r, p = n.chains, n.nips, n.lanes, n.rows, n.patch_columns + 1
    return {
        "chains": ((c,), CHAIN), "rolls": ((k,), ROLL), "drives": ((k,), DRIVE),
        "eta": ((k, l), _f), "shape": ((k, l), _f), "keep": ((l,), _f),
        "granules": ((l, 2), _f), "line_in": ((1,), LINE_IN), "chain_in": ((c,), CHAIN_IN), "nip_in": ((k,), NIP_IN),
        "base": ((k, l), _f), "cover": ((c, l), _f), "inv_cover": ((c, l), _f),
        "spread": ((c, 3, l), _f), "noise": ((2, n.tick_ms, 2 * k), _f), "line": ((1,), LINE),
        "clocks": ((c,), CLOCK), "granule_cells": ((c, 2, n.places), _f), "nips": ((k,), NIP),
        "trace": ((k, n.steps), _f), "across": ((k, 15, l), _f), "mass": ((r, l), _f), "memory": ((r, l), _f),
        "cells": ((r,), CELL), "merge": ((2,), MERGE), "merge_lanes": ((2, 2, l), _f), "metres": ((METRES,), METRE),
        "metre_lanes": ((METRES, 4, l), _f),
        "patch_parts": ((n.patch_parts,), PATCH_PART), "patch_widths": ((p,), _f), "patch_row": ((1,), PATCH_ROW),
        "patch_lanes": ((2, l), _f), "patch_columns": ((2, p), _f), "patch_metres": ((METRES, 3, 2, p), _f),
    }  # fmt: skip


def twin_arrays(arena: Arena) -> Twin:
    """The arrays of the web twin in an arena that was made with `twin_fields`."""
    twin: Twin = arena.view(Twin)
    return twin
