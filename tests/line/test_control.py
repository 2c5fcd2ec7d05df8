"""The control section of a line file: defaults, settings, dump."""

from __future__ import annotations

import pytest
import yaml

from dryline.line.control import Control
from dryline.line.input_error import InputError
from dryline.line.load import dump_line, load_line


def test_a_line_that_says_nothing_gets_the_full_stack():
    control = load_line("lfp-cathode").line.control
    assert (control.quality, control.gauges, control.feed_forward) == ("full_stack", "line", True)
    assert control.model_delay_error == control.model_stiffness_error == 0.0


def test_settings_reach_the_section_that_the_file_does_not_have(tmp_path):
    settings = ["control.quality=pi_monitor", "control.closed_loop_length=20 m", "control.feed_forward=false"]
    settings += ["control.model_delay_error=-20 %", "control.gauges=scanner"]
    line = load_line("lfp-cathode", settings=settings).line
    assert line.control == Control(
        quality="pi_monitor", closed_loop_length=20.0, feed_forward=False, model_delay_error=-0.2, gauges="scanner"
    )
    file = tmp_path / "again.yaml"
    file.write_text(dump_line(line))
    assert load_line(file).line == line
    assert yaml.safe_load(file.read_text())["control"]["closed_loop_length"] == "20.0 m"


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ("control.quality=pi_monitr", "did you mean 'pi_monitor'?"),
        ("control.quality=7", "open_loop, pi_monitor, smith_pi, full_stack"),
        ("control.gauges=lines", "did you mean 'line'?"),
        ("control.feed_forward=maybe", "control.feed_forward"),
        ("control.model_delay_error=-95 %", "out of range"),
        ("control.speed=1", "not a known key"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is_near(setting, word):
    with pytest.raises(InputError) as refused:
        load_line("lfp-cathode", settings=[setting])
    assert word in str(refused.value)
