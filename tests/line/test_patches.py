import numpy as np
import pytest

from dryline.line.load import InputError, load_line
from dryline.line.patches import patches_of, rows_in_a_metre, shares_of_lanes


@pytest.mark.parametrize("kept", [0.013, 0.02, 0.27, 0.56, 0.945, 0.95, 1.0])
def test_columns_cover_the_kept_width_symmetrically_in_whole_patches_and_two_strips(kept):
    found = patches_of(kept)
    widths = found.widths
    assert widths.sum() == pytest.approx(kept, rel=1e-14) and (widths > 0.0).all()
    np.testing.assert_allclose(found.edges, -found.edges[::-1], atol=1e-15)
    whole = int(kept / 0.02 + 1e-9)
    strips = [] if whole == 0 or abs(whole * 0.02 - kept) < 1e-9 else [0.5 * (kept - whole * 0.02)] * 2
    expected = [kept] if whole == 0 else [*strips[:1], *[0.02] * whole, *strips[1:]]
    np.testing.assert_allclose(widths, expected, rtol=1e-9)
    assert found.per_metre == 50 and found.length == 0.02


def test_patches_of_another_size():
    found = patches_of(0.95, 0.1, 0.25)
    assert found.per_metre == 10
    np.testing.assert_allclose(found.widths, [0.1, 0.25, 0.25, 0.25, 0.1])


@pytest.mark.parametrize("length", [0.03, 0.7, 0.0201])
def test_rows_fill_a_metre(length):
    with pytest.raises(ValueError, match=r"do not fill a metre; give e\.g\."):
        rows_in_a_metre(length)
    with pytest.raises(InputError, match=r"patch_length.*do not fill a metre"):
        load_line("lfp-cathode", settings=[f"web.patch_length={1e3 * length} mm"])


@pytest.mark.parametrize("lanes", [1, 3, 40, 47, 200, 1000])
def test_a_lane_is_shared_out_by_its_overlap(lanes):
    edges = np.linspace(-0.5, 0.5, lanes + 1)
    low, high = np.clip(edges[:-1], -0.475, 0.475), np.clip(edges[1:], -0.475, 0.475)
    columns = patches_of(0.95).edges
    shares = shares_of_lanes(low, high, columns)
    kept = high - low > 0.0
    np.testing.assert_allclose(shares[kept].sum(axis=1), 1.0, rtol=1e-14)
    assert not shares[~kept].any()
    # an even film is even on the patches
    np.testing.assert_allclose((high - low) @ shares, np.diff(columns), rtol=1e-9)
    # the share of a lane left of a place is that of the columns left of it
    place = columns[10]
    left = np.clip((place - low[kept]) / (high - low)[kept], 0.0, 1.0)
    np.testing.assert_allclose(shares[kept][:, :10].sum(axis=1), left, atol=1e-8)
