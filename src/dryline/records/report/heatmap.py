"""The roll map as a picture: metres down, lanes across, a colour for the deviation from target.

The colours diverge evenly (in OKLab) from a light middle at the target to blue below and brown above, which
most colour-blind people can tell apart; their range is the tolerance, what lies outside has the darkest tone
of its side.
"""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROWS = 360
"""Most rows of the picture; more metres are averaged into them."""

MISSING = 255
"""Palette index of an unknown value."""

LOW, MIDDLE, HIGH = (0x1B, 0x5F, 0xA8), (0xF5, 0xF4, 0xF0), (0xB3, 0x56, 0x0A)
BELOW, ABOVE, UNKNOWN = (0x06, 0x17, 0x3A), (0x3D, 0x12, 0x00), (0x8A, 0x8A, 0x8A)

# OKLab, Björn Ottosson 2020: linear sRGB -> cone responses -> lightness and two colour axes.
_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def palette() -> NDArray[np.uint8]:
    """(256, 3) colours: 0 below the range, 1 to 253 from lowest to highest with the target at 127, 254 above
    it.
    """
    along = (np.arange(1, 254) - 127) / 126.0
    low, middle, high = (_oklab(colour) for colour in (LOW, MIDDLE, HIGH))
    share = np.abs(along)[:, None]
    mixed = middle + share * (np.where(along[:, None] < 0.0, low, high) - middle)
    colours = np.zeros((256, 3), np.uint8)
    colours[0], colours[254], colours[MISSING] = BELOW, ABOVE, UNKNOWN
    colours[1:254] = _srgb(mixed)
    return colours


def indices(deviation: Floats) -> NDArray[np.uint8]:
    """Palette index of a deviation in units of its tolerance."""
    inside = 127.0 + np.round(126.0 * np.clip(np.nan_to_num(deviation), -1.0, 1.0))
    index = np.where(deviation < -1.0, 0.0, np.where(deviation > 1.0, 254.0, inside))
    return np.where(np.isfinite(deviation), index, MISSING).astype(np.uint8)


def bins(count: int, rows: int = ROWS) -> NDArray[np.int64]:
    """First entry of each row of the picture, for `count` entries at even distances."""
    rows = min(rows, count)
    return (np.arange(rows) * count) // rows


def binned(field: Floats, rows: int = ROWS) -> Floats:
    """The field with at most `rows` rows at even distances, neighbours averaged."""
    begins = bins(field.shape[0], rows)
    counts = np.diff(np.append(begins, field.shape[0]))
    return np.asarray(np.add.reduceat(field, begins, axis=0) / counts[:, None])


def png(index: NDArray[np.uint8], colours: NDArray[np.uint8]) -> bytes:
    """A PNG with a palette, one pixel an entry of `index`."""
    height, width = index.shape
    lines = np.concatenate((np.zeros((height, 1), np.uint8), index), axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", header),
        (b"PLTE", colours.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def picture(deviation: Floats) -> str:
    """The picture of an (n, L) deviation in units of its tolerance, as a data URL."""
    data = png(indices(binned(deviation)), palette())
    return "data:image/png;base64," + base64.b64encode(data).decode()


def colour_bar() -> str:
    """The colours from below to above the range, as a data URL."""
    return (
        "data:image/png;base64,"
        + base64.b64encode(png(np.arange(255, dtype=np.uint8)[None, :], palette())).decode()
    )


def css(colour: tuple[int, int, int]) -> str:
    """A colour as CSS writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _oklab(colour: tuple[int, int, int]) -> Floats:
    share = np.array(colour) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(_LAB @ np.cbrt(_CONES @ linear))


def _srgb(lab: Floats) -> NDArray[np.uint8]:
    cones = (lab @ np.linalg.inv(_LAB).T) ** 3
    linear = np.clip(cones @ np.linalg.inv(_CONES).T, 0.0, 1.0)
    share = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(255.0 * share).astype(np.uint8)
