"""`dryline loops` and `dryline bump`: what they print, their JSON and exit codes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from dryline.commands.main import app


def call(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_loops_are_listed_with_their_figures():
    done = call("loops", "lfp-cathode", "--json")
    assert done.exit_code == 0, done.output
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    areal, tilt = rows["areal mass A"], rows["thinning_nip_a2 tilt"]
    assert areal["mode"] == "auto" and areal["closed_loop_length_m"] == 10.0 and areal["limit"] == "delay"
    assert areal["delay_s"] == pytest.approx(areal["delay_m"]) and areal["delay_m"] == pytest.approx(3.1, abs=0.1)
    assert areal["low"] < areal["high"] and tilt["limit"] == "noise"
    assert rows["thinning_nip_a2 thickness"]["mode"] == "gap" and rows["feeder_active"]["mode"] == "cascade"
    text = call("loops", "lfp-cathode").stdout.splitlines()
    assert len(text) == len(rows) + 1 and all(name in "\n".join(text) for name in rows)


def test_modes_follow_the_line():
    rows = {row["name"]: row for row in json.loads(call("loops", "sulfide-separator", "--json").stdout)}
    assert rows["lay_on thickness"]["mode"] == "force" and rows["lay_on thickness"]["low"] is None
    opened = json.loads(call("loops", "--set", "control.quality=open_loop", "--json").stdout)
    modes = {row["name"]: row["mode"] for row in opened}
    assert modes["areal mass A"] == "manual" and modes["lamination thickness"] == "manual"
    closer = json.loads(call("loops", "--set", "control.closed_loop_length=5 m", "--json").stdout)
    assert closer[0]["closed_loop_length_m"] == 5.0


def test_a_bump_is_told_beside_the_model():
    arguments = ("bump", "lfp-cathode", "areal mass A", "--set", "web.lanes=20", "--time", "30")
    done = call(*arguments)
    assert done.exit_code == 0, done.output
    assert "identified" in done.stdout and "delay and lag" in done.stdout and "agree" in done.stdout
    values = json.loads(call(*arguments, "--json").stdout)
    figures = {one["name"]: one for one in values["figures"]}
    assert figures["gain"]["ratio"] == pytest.approx(1.0, abs=0.2) and figures["gain"]["standard_error"] > 0.0
    assert values["unit"] == "kg/m" and figures["lag"]["agrees"] is None


def test_wrong_use_is_refused():
    done = call("bump", "lfp-cathode", "areal mas A", "--set", "web.lanes=20")
    assert done.exit_code == 2 and "did you mean 'areal mass A'" in done.output
    assert call("loops", "no-such-line").exit_code == 2
    done = call("loops", "--set", "speed=200 m/min")
    assert done.exit_code == 1 and "loops: lfp-cathode" in done.output
