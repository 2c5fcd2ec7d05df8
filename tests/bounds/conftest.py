from dataclasses import dataclass

import pytest

from dryline.line.load import LoadedLine, load_line
from dryline.line.setup import SetUp
from dryline.setup.operating_point import set_up


@dataclass(frozen=True)
class SetLine:
    loaded: LoadedLine
    setup: SetUp


@pytest.fixture(scope="session")
def lfp():
    loaded = load_line("lfp-cathode")
    return SetLine(loaded, set_up(loaded.line, loaded.recipe))
