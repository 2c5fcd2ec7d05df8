import numpy as np
import pytest

from dryline.records.order import kept_lanes


def test_the_reference_line_keeps_190_of_200_lanes():
    centres, widths = kept_lanes(1.0, 0.95, 200)
    assert centres.size == 190
    np.testing.assert_allclose(widths, 0.005, rtol=1e-12)
    np.testing.assert_allclose(centres + centres[::-1], 0.0, atol=1e-12)


def test_edge_lanes_keep_their_share():
    centres, widths = kept_lanes(1.0, 0.953, 200)
    assert widths.sum() == pytest.approx(0.953, rel=1e-12)
    assert widths[0] == pytest.approx(0.0015)
    assert centres[0] == pytest.approx(-0.4765 + 0.00075)
