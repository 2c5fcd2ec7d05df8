"""Compiled laws and kernels: the only module that imports numba.

Two decorators. `law` marks what kernels call: a function of numbers without branches where it is called per lane, or a
piece of a kernel that takes arrays; it is always inlined, so a kernel that calls ten laws is one loop for the compiler.
`kernel` marks a loop over arrays that Python calls; its machine code is cached on disk under a digest of all sources of
this package, so an edited law never meets a stale caller. A kernel never calls a kernel: the inner one would exist twice
in machine code, optimised differently, and a process that compiles would pick another copy than one that loads.

The elementary functions `log`, `exp`, `atan`, `sqrt` are branch-free so that loops over lanes vectorise (polynomials in
Estrin's order, coefficients by Chebyshev interpolation); with
``NUMBA_DISABLE_JIT=1`` everything here runs as plain Python for debugging.

`normal` and `uniform` are counter-based random numbers (Philox4x32-10; Salmon, Moraes, Dror, Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC'11, doi 10.1145/2063384.2063405): a number depends only on the key (seed and name of
the source), the source's own time index and its own place index.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite.binding as llvm
import numba
import numpy as np
from llvmlite import ir
from numba.core.registry import CPUDispatcher
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

FASTMATH = {"reassoc", "contract", "arcp", "nsz"}
"""Permission to reorder sums without assuming that NaN and infinity do not exist."""

KEPT_CACHES = 4
"""Number of cache folders (one per state of the sources) that are kept before the oldest is removed."""

CONFIG: Any = numba.config
JIT = not CONFIG.DISABLE_JIT


def source_digest(folder: Path | None = None) -> str:
    """Digest of every source of the package, numba's version and the processor: the key of the kernel cache."""
    folder = folder or Path(__file__).parent
    digest = hashlib.blake2b(digest_size=10)
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    digest.update(f"{numba.__version__} {platform.machine()} {llvm.get_host_cpu_name()} {sys.version}".encode())
    return digest.hexdigest()


def _user_cache() -> Path:
    if chosen := os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"


def cache_folder() -> Path | None:
    """Folder of the compiled kernels of exactly these sources; None where nothing is writable."""
    try:
        folder = _user_cache() / "dryline" / source_digest()
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
        os.utime(folder)
        others = sorted((p for p in folder.parent.iterdir() if p != folder), key=lambda p: p.stat().st_mtime)
        for old in others[: max(0, len(others) - KEPT_CACHES + 1)]:
            shutil.rmtree(old, ignore_errors=True)
    except (OSError, RuntimeError):
        logging.getLogger("dryline").warning(
            "no writable cache folder: kernels are compiled anew in this process (set XDG_CACHE_HOME to a writable folder)"
        )
        return None
    return folder


_CACHE = cache_folder() if JIT else None
_njit: Any = numba.njit
_types: Any = numba.types


class _Inlined(CPUDispatcher):
    """A function for kernels only: without the entries for Python and C, which cost much of its compilation.

    Called from Python it is compiled once more, with an entry. A whole number written in a call is typed like any other:
    numba would compile the function, and all it calls, anew for every such number.
    """

    def __init__(self, function: Any, fastmath: set[str]) -> None:
        self._options = {"nopython": True, "fastmath": fastmath, "error_model": "numpy"}
        bare = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        super().__init__(function, targetoptions={**self._options, **bare})
        self._entry: CPUDispatcher | None = None

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Type of a call from compiled code."""
        plain = [_types.unliteral(arg) for arg in args]
        return super().get_call_template(plain, {name: _types.unliteral(arg) for name, arg in kws.items()})

    def __call__(self, *args: Any) -> Any:
        """Call from Python."""
        if self._entry is None:
            self._entry = CPUDispatcher(self.py_func, targetoptions=self._options)
        return self._entry(*args)


def law(function: F) -> F:
    """Compile a function that is inlined wherever a kernel calls it; Python calls it through `from_python`."""
    return cast(F, _Inlined(function, FASTMATH) if JIT else function)


def kernel(function: F) -> F:
    """Compile a loop over arrays, cached on disk under the digest of the package's sources."""
    before = CONFIG.CACHE_DIR
    CONFIG.CACHE_DIR = str(_CACHE or "")
    try:
        compiled = _njit(function, cache=_CACHE is not None, no_cfunc_wrapper=True, fastmath=FASTMATH, error_model="numpy")
    finally:
        CONFIG.CACHE_DIR = before
    return cast(F, compiled)


def from_python(inlined: F) -> F:
    """Compile a law on its own, cached, for calls from Python; calling the law itself would compile it in every process."""
    return cast(F, kernel(getattr(inlined, "py_func", inlined)))


def record(*fields: tuple[Any, ...]) -> np.dtype[Any]:
    """Type of one row of an array of records: (name, type[, shape]) of every field, read as row.name."""
    return np.dtype((np.record, np.dtype(list(fields), align=True)))


sqrt = math.sqrt

if JIT:

    def _cast_bits(_context: Any, x: Any) -> Any:
        def build(_ctx: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return builder.bitcast(args[0], ir.IntType(64))

        return numba.uint64(numba.float64), build

    def _cast_double(_context: Any, i: Any) -> Any:
        def build(_ctx: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return builder.bitcast(args[0], ir.DoubleType())

        return numba.float64(numba.uint64), build

    _word: Any = np.uint64
    _bits: Any = intrinsic(_cast_bits)
    _double: Any = intrinsic(_cast_double)

    def _strict(function: F) -> F:
        """An inlined law whose sums may not be reordered (numba hands a caller's flags on unless some are set here)."""
        return cast(F, _Inlined(function, {"nsz"}))

    @_strict
    def _exponent(biased: int) -> float:
        return _double(biased | np.uint64(0x4330000000000000)) - 4503599627371519.0

    @_strict
    def _nearest(x: float) -> float:
        return (x + 6755399441055744.0) - 6755399441055744.0

    @_strict
    def _power_of_two(n: float) -> float:
        return _double((_bits(n + 6755399441055744.0) << np.uint64(52)) + np.uint64(0x3FF0000000000000))

    @law
    def log(x: float) -> float:
        """Natural logarithm of a normal positive double, branch-free (about 2e-16 relative)."""
        bits: Any = _bits(x)
        biased = (bits - np.uint64(0x3FE6A09E667F3BCD) + np.uint64(0x3FF0000000000000)) >> np.uint64(52)
        exponent = _exponent(biased)
        mantissa = _double(bits - ((biased - np.uint64(1023)) << np.uint64(52)))
        f = (mantissa - 1.0) / (mantissa + 1.0)
        s = f * f
        t = s * s
        series = 0.09091444604633298 + s * 0.07665859404140035 + t * 0.07308242099183301
        series = 0.14285714312991274 + s * 0.11111105566821042 + t * series
        series = 0.3333333333333335 + s * 0.19999999999949744 + t * series
        return exponent * 0.6931471805599453 + (f + f) * (1.0 + s * series)

    @law
    def exp(x: float) -> float:
        """Exponential of a double in [-700, 700], branch-free (about 3e-16 relative)."""
        n = _nearest(x * 1.4426950408889634)
        r = (x - n * 0.693145751953125) - n * 1.42860682030941723212e-6
        p = 1.0 / 39916800.0 + r * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0))
        p = 1.0 / 362880.0 + r * (1.0 / 3628800.0 + r * p)
        p = 1.0 / 5040.0 + r * (1.0 / 40320.0 + r * p)
        p = 1.0 / 120.0 + r * (1.0 / 720.0 + r * p)
        p = 1.0 / 6.0 + r * (1.0 / 24.0 + r * p)
        p = 1.0 + r * (1.0 + r * (0.5 + r * p))
        return p * _power_of_two(n)

else:
    log = math.log  # type: ignore[assignment]
    exp = math.exp  # type: ignore[assignment]

    def _nearest(x: float) -> float:
        return float(round(x))

    def _as_double(i: Any) -> Any:
        return np.uint64(i).view(np.float64)

    def _as_word(i: Any) -> Any:
        return np.uint64(int(i) & 0xFFFFFFFFFFFFFFFF)

    _double = _as_double
    _word = _as_word


@law
def atan_series(z: float) -> float:
    """atan(sqrt z) / sqrt z for 0 <= z <= 0.1716, a polynomial (1.3e-16); 0.1716 is the square of tan(pi/8)."""
    y = z * z
    low = (-0.3333333333333325 + z * 0.19999999999898374) + y * (-0.14285714266090668 + z * 0.11111109636147994)
    middle = (-0.09090852544683327 + z * 0.07691054932692105) + y * (-0.06649611311063386 + z * 0.057363175465234104)
    return 1.0 + z * (low + y * y * (middle + y * y * (-0.044832864551068725 + z * 0.022749867857222852)))


@law
def atan_ratio(y: float, x: float) -> float:
    """Arc tangent of y / x for y >= 0 and x > 0 with a single division, branch-free (about 2e-16)."""
    large = y > 2.414213562373095 * x
    middle = y > 0.41421356237309503 * x
    top = -x if large else (y - x if middle else y)
    bottom = y if large else (y + x if middle else x)
    offset = 1.5707963267948966 if large else (0.7853981633974483 if middle else 0.0)
    t = top / bottom
    return offset + t * atan_series(t * t)


@law
def atan(x: float) -> float:
    """Arc tangent of x >= 0, branch-free."""
    return atan_ratio(x, 1.0)


@law
def atan_to_2(x: float) -> float:
    """Arc tangent of x in [0, 2.41], branch-free, with one reduction less."""
    middle = x > 0.41421356237309503
    t = (x - 1.0 if middle else x) / (x + 1.0 if middle else 1.0)
    return (0.7853981633974483 if middle else 0.0) + t * atan_series(t * t)


@law
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Philox4x32-10: four 32-bit random words of a 128-bit counter and a 64-bit key (all held in 64-bit integers)."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> half) ^ c1 ^ k0, p1 & low, (p0 >> half) ^ c3 ^ k1, p0 & low
        k0 = (k0 + np.uint64(0x9E3779B9)) & low
        k1 = (k1 + np.uint64(0xBB67AE85)) & low
    return c0, c1, c2, c3


@law
def uniforms(key: Any, time_index: int, place: int) -> tuple[float, float]:
    """Two independent uniform numbers in (0, 1), 52 bits each, of one source at its own time and place index."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    t = _word(time_index)
    i = _word(place)
    k = _word(key)
    w0, w1, w2, w3 = philox(t & low, t >> half, i & low, i >> half, k & low, k >> half)
    one = np.uint64(0x3FF0000000000000)
    a = _double((((w0 << half) | w1) >> np.uint64(12)) | one) - 0.9999999999999999
    b = _double((((w2 << half) | w3) >> np.uint64(12)) | one) - 0.9999999999999999
    return a, b


@law
def normal_pair(key: Any, time_index: int, place: int) -> tuple[float, float]:
    """Two independent standard normal numbers of one source at its own time and place index.

    Box-Muller with polynomials for cosine and sine of a quarter turn, cut at 8.5 sigma.
    """
    a, b = uniforms(key, time_index, place)
    quarter = 4.0 * b
    k = _nearest(quarter)
    r = (quarter - k) * 1.5707963267948966
    z = r * r
    c = 1.0 / 3628800.0 + z * (-1.0 / 479001600.0 + z * (1.0 / 87178291200.0 - z * (1.0 / 20922789888000.0)))
    c = 1.0 + z * (-0.5 + z * (1.0 / 24.0 + z * (-1.0 / 720.0 + z * (1.0 / 40320.0 - z * c))))
    s = -1.0 / 39916800.0 + z * (1.0 / 6227020800.0 - z * (1.0 / 1307674368000.0))
    s = r * (1.0 + z * (-1.0 / 6.0 + z * (1.0 / 120.0 + z * (-1.0 / 5040.0 + z * (1.0 / 362880.0 + z * s)))))
    odd = (k == 1.0) | (k == 3.0)
    cosine = s if odd else c
    sine = c if odd else s
    length = sqrt(-2.0 * log(a))
    return (
        length * (-cosine if (k == 1.0) | (k == 2.0) else cosine),
        length * (-sine if (k == 2.0) | (k == 3.0) else sine),
    )


@law
def normal(key: Any, time_index: int, place: int) -> float:
    """Standard normal number of one source at its own time and place index: the first of `normal_pair`."""
    return normal_pair(key, time_index, place)[0]


@kernel
def fill_normals(key: Any, first_time: int, out: np.ndarray) -> None:
    """Fill out (time, place) with `normal(key, first_time + row, column)`."""
    for row in range(out.shape[0]):
        for place in range(out.shape[1]):
            out[row, place] = normal(key, first_time + row, place)


@kernel
def fill_uniforms(key: Any, first_time: int, out: np.ndarray) -> None:
    """Fill out (time, place) with the first of `uniforms(key, first_time + row, column)`."""
    for row in range(out.shape[0]):
        for place in range(out.shape[1]):
            a, _ = uniforms(key, first_time + row, place)
            out[row, place] = a


def key_of(seed: int, source: str) -> np.uint64:
    """64-bit key of a random source from the run's seed and the name of the source."""
    digest = hashlib.blake2b(f"{seed}/{source}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


class Arena:
    """One block of memory for a whole state: named arrays are views into it, so that a snapshot is one copy.

    Parameters
    ----------
    fields : name -> (shape, dtype) of every array, in the order in which they lie in memory (64-byte aligned).
    """

    def __init__(self, fields: dict[str, tuple[tuple[int, ...], Any]]) -> None:
        places: dict[str, tuple[int, int]] = {}
        size = 0
        for name, (shape, dtype) in fields.items():
            length = int(np.prod(shape)) * np.dtype(dtype).itemsize
            places[name] = (size, length)
            size = -(-(size + length) // 64) * 64
        raw = np.zeros(size + 64, dtype=np.uint8)
        start = -raw.ctypes.data % 64
        self._memory = raw[start : start + size]
        self.arrays: dict[str, np.ndarray] = {
            name: self._memory[places[name][0] : sum(places[name])].view(dtype).reshape(shape)
            for name, (shape, dtype) in fields.items()
        }

    def view(self, group: Any) -> Any:
        """Build a NamedTuple class from the arrays of its field names."""
        return group(*(self.arrays[name] for name in group._fields))

    def snapshot(self) -> bytes:
        """Copy of the whole state."""
        return self._memory.tobytes()

    def restore(self, snapshot: bytes) -> None:
        """Put a snapshot of this same arena back; ValueError if it belongs to another layout."""
        if len(snapshot) != self._memory.size:
            raise ValueError(f"snapshot of {len(snapshot)} bytes does not fit an arena of {self._memory.size} bytes")
        self._memory[:] = np.frombuffer(snapshot, dtype=np.uint8)

    def digest(self) -> str:
        """Digest of the whole state, equal if and only if every byte is."""
        return hashlib.blake2b(self._memory.tobytes(), digest_size=16).hexdigest()
