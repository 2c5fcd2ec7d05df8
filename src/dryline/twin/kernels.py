"""The kernel that moves the web: one call a control tick; time outermost, then nips, then lanes.

Order of one step: drive speeds, metering, gap axes (the PLC's laws of `drives`) and run-out, the cells that were finished in this
step in the order of their times (each nip of the chain is solved over its lanes for the cell that is now in, which leaves
with what it has seen), then every nip (linear answer to the chocks and to the share of the cell on its way in).
"""

from __future__ import annotations

import numpy as np

from dryline.drives.gap_servo import bearing_film
from dryline.drives.run_out import STATES
from dryline.drives.speed import MOST_TRIM, approach, geared, lag_share, tension_trim
from dryline.kernel import kernel, law
from dryline.mechanics.preload import bearing_shift
from dryline.twin.axes import face_angles, hand_over_references, move_chocks, turn_rolls
from dryline.twin.cells import cell_is_in, enter_nip, lay_bed, leave_nip
from dryline.twin.guards import all_open_on_break
from dryline.twin.layers import close_electrode_cell, lose_web, merge_film, trim_edges, trim_film, wind_cell
from dryline.twin.nips import answer, expect, solve_nip
from dryline.twin.state import H, Twin

MOVED = 1e-7
"""Movement of the chocks [m] since the last solution after which the lanes are solved again before the next cell is in.
They are solved at the start of every tick, too, when growth, bending and the virgin curve move on."""
MOVED_FULL = 1e-8
"""The same at full rate [m]."""


BEARING_LAG = 0.02
"""Time in which a roll crosses its bearing clearance [s] (assumed)."""


@law
def moved(chocks: np.ndarray, point: np.ndarray) -> float:
    """Movement of the chocks [m], mean and tilt, since a solution."""
    return abs(chocks[0] - point[0]) + abs(chocks[1] - point[1])


@kernel
def advance_web(steps: int, dt: float, full: bool, twin: Twin) -> float:
    """Advance the web by `steps` steps of dt [s]; with `full`, lanes are solved again after a tenth of the movement.

    Returns the powder laid down as finished cells of the beds [kg].
    """
    most = MOVED_FULL if full else MOVED
    chains, rolls, line, clocks, nips = twin.chains, twin.rolls, twin.line, twin.clocks, twin.nips
    mass, memory, cells, across = twin.mass, twin.memory, twin.cells, twin.across
    told, nip_in, chain_in = twin.line_in, twin.nip_in, twin.chain_in
    lane_width = told[0].lane_width
    ds = np.zeros(rolls.size)
    start = np.zeros(chains.size)
    dose = np.zeros(chains.size)
    chocks = np.zeros((rolls.size, 2))
    shares = np.zeros((rolls.size, 4))
    for k in range(rolls.size):
        shares[k, 0] = lag_share(dt, rolls[k].drive_lag)
        shares[k, 1] = lag_share(dt, rolls[k].position_lag)
        shares[k, 2] = lag_share(dt, rolls[k].compensation_lag)
        shares[k, 3] = lag_share(dt, BEARING_LAG)
    for c in range(chains.size):
        clocks[c].taken, clocks[c].metered = 0.0, 0.0
    lanes = np.zeros((4, twin.keep.size))
    places = np.zeros(twin.granule_cells.shape[2])
    now = line[0].clock
    phi, gain, spin = np.zeros(STATES), np.zeros(STATES), np.zeros((rolls.size, 2, 2))
    for k in range(rolls.size):
        hand_over_references(nip_in[k], twin.drives[k], nips[k])
        for film in chains[rolls[k].chain].parent:
            if film >= 0 and chain_in[film].divert > 0.5:
                twin.drives[k].filmed = 0.0  # its film goes back: that none comes says nothing
        face_angles(nips[k], spin[k])
        for m in range(3):
            nips[k].tick_sum[m] = 0.0
        nips[k].tick_sum[3] = 1.0
    for step in range(steps):
        ms = min(int(step * dt * 1000.0 + 1e-9), twin.noise.shape[1] - 1)
        mix = (step + 0.5) / steps
        before_step = line[0].speed
        line[0].speed = approach(line[0].speed, told[0].speed, told[0].acceleration * dt)
        v = line[0].speed
        acceleration = (v - before_step) / dt
        # drive speeds and tension of the spans between nips
        for k in range(rolls.size):
            noise = nip_in[k].speed_noise[0] + mix * (nip_in[k].speed_noise[1] - nip_in[k].speed_noise[0])
            wanted = v * nip_in[k].ratio * (1.0 + rolls[k].ratio_error) * (1.0 + noise) * (1.0 + nips[k].trim)
            nips[k].speed += shares[k, 0] * (wanted - nips[k].speed)
            nips[k].ratio += shares[k, 0] * (nip_in[k].ratio - nips[k].ratio)
            if v <= 0.0 and nips[k].speed < 1e-5:
                nips[k].speed = 0.0
            ds[k] = nips[k].speed * dt
            nips[k].travel += ds[k]
            before = k - 1
            film = chains[rolls[k].chain].parent[0]
            if k == chains[rolls[k].chain].nips[0]:
                before = chains[film].nips[1] - 1 if film >= 0 else -1
            if before >= 0:
                draw = nips[k].speed * nips[before].ratio / (nips[k].ratio * max(nips[before].speed, 1e-3)) - 1.0
                wanted = nip_in[k].tension + (rolls[k].span_stiffness * draw if v > 1e-2 else 0.0)
                nips[k].tension += min(ds[k] / rolls[k].span_length, 1.0) * (wanted - nips[k].tension)
                if v > 1e-2:
                    trim = nips[k].trim + tension_trim(nip_in[k].tension, nips[k].tension, rolls[k].span_stiffness, dt)
                    nips[k].trim = min(max(trim, -MOST_TRIM), MOST_TRIM)
            if told[0].torn == k + 1:
                nips[k].tension = 0.0
        # metering follows the first roll of its chain
        for c in range(chains.size):
            start[c] = clocks[c].phase
            clocks[c].phase += ds[chains[c].nips[0]]
            dose[c] = 0.0
            if chains[c].parent[0] < 0:
                turns = chain_in[c].rate * geared(nips[chains[c].nips[0]].speed, acceleration, chains[c].metering_lag)
                turns *= clocks[c].weigh_factor / chains[c].swept_belief
                clocks[c].metering_speed += lag_share(dt, chains[c].metering_lag) * (turns - clocks[c].metering_speed)
                flow = chains[c].swept * told[0].density * clocks[c].metering_speed
                noise = chain_in[c].metering_noise[0]
                noise += mix * (chain_in[c].metering_noise[1] - noise)
                dose[c] = flow * (1.0 + noise) * dt
                clocks[c].bed += dose[c]
                clocks[c].metered += dose[c]
        all_open_on_break(nips, nip_in, twin.drives)
        # gap axes, run-out, and mean and tilt of both at the end of the step
        for k in range(rolls.size):
            move_chocks(
                step, ms, k, dt, shares[k, 1], shares[k, 2], nip_in[k], rolls[k], twin.drives[k], nips[k], twin.noise, phi, gain
            )
            e_drive, e_operator = turn_rolls(rolls[k], nips[k], ds[k], spin[k])
            axis = nips[k].axis
            chocks[k, 0] = 0.5 * (axis[0, 0] + axis[1, 0] + e_drive + e_operator) + nip_in[k].lift
            taken_up = bearing_shift(nips[k].force, rolls[k].weight, rolls[k].jump, 0.5 * rolls[k].weight, 0.0)
            nips[k].bearing += shares[k, 3] * (rolls[k].jump - taken_up - nips[k].bearing)
            chocks[k, 0] += bearing_film(rolls[k].clearance, nips[k].speed) - rolls[k].foil * told[0].foil - nips[k].bearing
            chocks[k, 1] = rolls[k].tilt_arm * (axis[1, 0] - axis[0, 0]) + 0.5 * (e_operator - e_drive)
        # cells finished in this step, in the order of their times; then nips whose chocks have moved
        again = 0
        while True:
            best = 2.0
            c = -1
            for other in range(chains.size):
                if clocks[other].phase >= chains[other].cell:
                    tau = (chains[other].cell - start[other]) / ds[chains[other].nips[0]]
                    if tau < best:
                        best = tau
                        c = other
            arriving = c >= 0
            if arriving:
                first, after = chains[c].nips[0], chains[c].nips[1]
            else:
                while again < rolls.size and step > 0 and moved(chocks[again], nips[again].point) <= most:
                    again += 1
                if again == rolls.size:
                    break
                best = 1.0
                first, after = again, again + 1
                again += 1
            rest = 1.0 - best
            time = now + (step + best) * dt
            for k in range(first, after):
                length = nips[k].travel - rest * ds[k]
                if arriving:
                    cell_is_in(k, length, nips, across[k])
                nips[k].peak, nips[k].residual, nips[k].iterations = solve_nip(
                    1.0 if arriving else 0.0, nips[k].low[0] == 1, nips[k].place[0] + best * (chocks[k, 0] - nips[k].place[0]),
                    nips[k].place[1] + best * (chocks[k, 1] - nips[k].place[1]), nips[k].yield_factor[0], twin.base[k],
                    twin.eta[k], twin.shape[k], twin.cover[rolls[k].chain], lane_width, rolls[k].inv_housing, rolls[k].inv_tilt,
                    rolls[k].bending, rolls[k].inv_flattening, nip_in[k].root_R, nip_in[k].virgin, nip_in[k].beta,
                    told[0].table, across[k], nips[k].sums, nips[k].means, nips[k].point, nips[k].coming,
                )  # fmt: skip
                n = clocks[c].ticks - 1 - rolls[k].offset
                if arriving and n >= 0:
                    leave_nip(
                        n, length, time, chains[c].track, chains[c].ring, across[k], mass, memory, cells, told, nip_in, k,
                        nips[k].peak, nips[k].force / rolls[k].width,
                    )  # fmt: skip
            if not arriving:
                continue
            n = clocks[c].ticks
            base = chains[c].track
            ring = chains[c].ring
            if chains[c].parent[0] < 0:
                laid = lay_bed(
                    c, nips[first].speed, clocks[c].bed - rest * dose[c], time, chains, clocks, twin.granule_cells[c],
                    twin.granules, twin.spread, mass, memory, cells, told, chain_in, across[first, H], places,
                )  # fmt: skip
                clocks[c].bed = rest * dose[c] if chains[c].bite_radius <= 0.0 else clocks[c].bed - laid
                cut = n - 1 - chains[c].film_trim
                if chains[c].film_trim >= 0 and cut >= 0:
                    divert = chain_in[c].divert > 0.5
                    trim_film(
                        base[0] + cut % ring, divert, twin.keep, mass, memory, cells, told[0].hall, told[0].aged, twin.returned
                    )
                leaving = n - 1 - chains[c].leave
                if chains[c].child >= 0 and leaving >= 0:
                    layer = 0 if chains[chains[c].child].parent[0] == c else 1
                    merge_film(
                        1.0 - clocks[c].eaten, layer, base[0] + leaving % ring, mass, memory, cells, twin.merge,
                        twin.merge_lanes,
                    )  # fmt: skip
                clocks[c].eaten = 0.0
            else:
                for layer in range(2):
                    film = chains[c].parent[layer]
                    if film >= 0:
                        there = (start[film] + best * ds[chains[film].nips[0]]) / chains[film].cell
                        share = max(min(there, 1.0) - clocks[film].eaten, 0.0)
                        leaving = clocks[film].ticks - 1 - chains[film].leave
                        if leaving >= 0:
                            row = chains[film].track[0] + leaving % chains[film].ring
                            merge_film(share, layer, row, mass, memory, cells, twin.merge, twin.merge_lanes)
                        clocks[film].eaten += share
                close_electrode_cell(n, base, ring, told[0].foil, mass, memory, cells, twin.merge, twin.merge_lanes)
            n += 1
            clocks[c].ticks = n
            if chains[c].trim >= 0 and n - 1 - chains[c].trim >= 0:
                d = line[0].metres
                trim_edges(n - 1 - chains[c].trim, base, ring, twin.keep, mass, cells, twin.metres[d : d + 1])
            if chains[c].wind >= 0 and n - 1 - chains[c].wind >= 0:
                wind_cell(
                    n - 1 - chains[c].wind, time, base, ring, nip_in[after - 1].virgin, told, twin.keep, mass,
                    memory, cells, line, twin.metres, twin.metre_lanes, lanes, twin.patch_parts, twin.patch_widths,
                    twin.patch_row, twin.patch_lanes, twin.patch_columns, twin.patch_metres,
                )  # fmt: skip
            for k in range(first, after):
                length = nips[k].travel - rest * ds[k]
                before = nips[k].last_length if nips[k].last_length > 0.0 else length
                nips[k].length = min(max(2.0 * length - before, 0.5 * length), 2.0 * length)
                nips[k].last_length = length
                if told[0].torn == k + 1 and n - 1 - rolls[k].offset >= 0:
                    d = line[0].metres
                    lose_web(n - 1 - rolls[k].offset, base, ring, mass, memory, cells, twin.metres[d : d + 1])
                enter_nip(
                    k, n - 1 - rolls[k].offset, nips[k].length, base, ring, nip_in[k].virgin, told[0].table, lane_width,
                    nips, across[k], mass, memory, cells, twin.inv_cover[c], rolls[k].pack,
                )  # fmt: skip
                expect(lane_width, rolls[k].inv_flattening, twin.eta[k], twin.cover[c], across[k], nips[k].coming)
                nips[k].travel = rest * ds[k]
            clocks[c].phase -= chains[c].cell
            start[c] -= chains[c].cell
        # nips
        for k in range(rolls.size):
            point = nips[k].point
            means = nips[k].means
            G, T = chocks[k, 0], chocks[k, 1]
            nips[k].place[0] = G
            nips[k].place[1] = T
            coming = nips[k].coming
            sums = nips[k].sums
            dG = G - point[0]
            dT = T - point[1]
            share = clocks[rolls[k].chain].phase / chains[rolls[k].chain].cell
            dF, dM = answer(
                share * coming[0] + sums[0] * dG + sums[2] * dT, share * coming[1] + sums[2] * dG + sums[4] * dT,
                rolls[k].inv_housing, rolls[k].inv_tilt, rolls[k].bending, sums,
            )  # fmt: skip
            nips[k].force = point[2] + dF
            nips[k].moment = point[3] + dM
            if nips[k].force < 0.0:  # a film that the rolls have let go of does not pull
                nips[k].force, nips[k].moment = 0.0, 0.0
            nips[k].gap = (
                means[0]
                + share * coming[2]
                + means[1] * dG
                + means[2] * (dT + rolls[k].inv_tilt * dM)
                + (rolls[k].inv_housing * means[1] + rolls[k].bending * means[3]) * dF
            )
            nips[k].tilt = T + rolls[k].inv_tilt * nips[k].moment
            twin.trace[k, step] = nips[k].gap
            total = nips[k].tick_sum
            total[0] += nips[k].gap
            total[1] += nips[k].tilt
            total[2] += nips[k].force
            total[3] = min(total[3], nips[k].gap)
    line[0].clock = now + steps * dt
    laid = 0.0
    for c in range(chains.size):
        laid += clocks[c].taken
    return laid
