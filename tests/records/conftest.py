import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Folder of a made-up run of 130 s, closed, with few lanes; and its summary."""
    import synthetic

    path = tmp_path_factory.mktemp("finished") / "run"
    recorder, _ = synthetic.record(path, 130.0, seed=3, lanes=40)
    return path, recorder.close()
