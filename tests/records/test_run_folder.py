import errno
import json

import pytest
import synthetic

from dryline.records import run_folder
from dryline.records.run_folder import FolderFull, RecordError, RunFolder, open_run, write_bytes


def create(path):
    return RunFolder.create(
        path, seed=7, command_line=("dryline", "run"), inputs={"line": "reference"}, order={}, truth=True
    )


def test_manifest_names_what_a_run_needs_to_be_repeated(tmp_path):
    create(tmp_path / "run")
    manifest = open_run(tmp_path / "run").manifest
    assert manifest["seed"] == 7
    assert manifest["command_line"] == ["dryline", "run"]
    assert manifest["inputs"] == {"line": "reference"}
    assert manifest["status"] == "running"
    assert {"python", "dryline", "numpy", "numba"} <= set(manifest["versions"])
    assert manifest["started"].endswith("+00:00")


def test_an_existing_folder_is_not_overwritten(tmp_path):
    create(tmp_path / "run")
    with pytest.raises(RecordError, match="exists already"):
        create(tmp_path / "run")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RecordError, match="exists already"):
        create(tmp_path / "file")


def test_update_changes_known_entries_only(tmp_path):
    folder = create(tmp_path / "run")
    folder.update(status="finished", wall_s=2.0)
    assert open_run(tmp_path / "run").status == "finished"
    with pytest.raises(KeyError, match="statsu"):
        folder.update(statsu="finished")


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "signals" / "one.parquet"
    write_bytes(path, b"first")

    def broken(self, data):
        with self.open("wb") as file:
            file.write(data[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_folder.Path, "write_bytes", broken)
    with pytest.raises(FolderFull, match=r"no room left.*one\.parquet"):
        write_bytes(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(path.parent.iterdir()) == [path]


def test_other_failures_say_why(tmp_path):
    (tmp_path / "a").write_text("a file, not a folder")
    with pytest.raises(RecordError, match="cannot write"):
        write_bytes(tmp_path / "a" / "b", b"")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is .* the folder of a run"),
        ("{", "cannot read"),
        ("[]", "layout None"),
        (json.dumps({"schema": "dryline-run/99"}), "layout 'dryline-run/99'"),
    ],
)
def test_a_folder_that_is_no_run_is_refused_in_words(tmp_path, text, message):
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(RecordError, match=message):
        open_run(tmp_path)


def test_the_order_survives_the_manifest(finished):
    from dryline.records.order import Order

    assert Order.from_json(open_run(finished[0]).manifest["order"]) == synthetic.order(40)
