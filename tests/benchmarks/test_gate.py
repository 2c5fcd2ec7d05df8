"""The engines of the benchmark solve the same case: check values, agreement, and what the gate refuses."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pytest
from benchmarks.case import H_REF, NUMPY, Case, integral_form, no_noise, parameters, peak_form, start
from benchmarks.gate import CHECK, GAP_RMS, TOLERANCE, check_error, gate
from benchmarks.peers.compiled_c import CompiledC
from benchmarks.peers.python_engines import NumbaKernel, NumPyLoop
from benchmarks.peers.scipy_rk45 import ScipyRK45


@pytest.mark.parametrize(("lanes", "steps", "noisy"), CHECK)
def test_kernel_gives_every_check_value(lanes, steps, noisy):
    assert check_error(NumbaKernel(), lanes, steps, noisy) < TOLERANCE


def test_numpy_gives_the_short_check_value():
    assert check_error(NumPyLoop(), 200, 1000, False) < TOLERANCE


@pytest.mark.parametrize(
    ("law", "beta", "force", "slope"),
    [
        (peak_form, 3.0, 303.824657072512e3, -13.1996402375e9),
        (integral_form, 3.0, 242.795890409e3, -10.3871697653e9),
        (integral_form, 120.0 / 69.4, 206.752601525e3, -11.0315634272e9),
    ],
)
def test_nip_laws_give_their_check_values(law, beta, force, slope):
    q, dq = law(H_REF, 69.4e-6, parameters(Case())._replace(beta=beta), NUMPY)
    assert q == pytest.approx(force, rel=1e-11)
    assert dq == pytest.approx(slope, rel=1e-11)


@pytest.mark.parametrize("case", [Case("peak", 7), Case("integral", 50), Case("peak", 50, 5), Case("integral", 8, 5)])
def test_kernel_agrees_with_numpy(case):
    error, passed = gate(NumbaKernel(), case)
    assert passed
    assert error < TOLERANCE


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
@pytest.mark.parametrize("build", ["fast", "ieee"])
@pytest.mark.parametrize("law", ["peak", "integral"])
def test_c_agrees_with_numpy(build, law):
    assert gate(CompiledC(build), Case(law, 50))[1]


def test_scipy_follows_the_continuous_form():
    engine = ScipyRK45()
    assert engine.available() == ""
    error, passed = gate(engine, Case("peak", 10))
    assert passed
    assert 0.0 < error < GAP_RMS


def test_a_wrong_engine_fails():
    class Wrong(NumPyLoop):
        def run(self, first, n):
            super().run(first, n)
            self.fixed[1].record[-1, 0] *= 1.0 + 1e-8

    class Broken(NumPyLoop):
        def run(self, first, n):
            self.fixed[1].record[:] = np.nan

    assert not gate(Wrong(), Case("peak", 3))[1]
    assert not gate(Broken(), Case("peak", 3))[1]


def test_the_c_limit_leaves_subnormal_numbers_alone():
    engine = CompiledC("fast")
    if missing := engine.available():
        pytest.skip(missing)
    case = Case("peak", 20)
    engine.prepare(case, start(case), no_noise(case))
    assert sys.float_info.min / 2.0 > 0.0
