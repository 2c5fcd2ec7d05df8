import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def line():
    from small_line import SmallLine

    return SmallLine()


@pytest.fixture(scope="session")
def setup(line):
    from small_line import small_set_up

    return small_set_up(line)
