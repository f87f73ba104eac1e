"""The file of a snapshot: always whole, the person's alone, and quiet about its name."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from safelight import SnapshotError, snapshot_file
from safelight.snapshot import MAX_BYTES

KILLED = Path(__file__).with_name("killed_writer.py")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_replaced_read_and_removed(tmp_path: Path) -> None:
    place = tmp_path / "chat"
    assert snapshot_file.read(place) is None
    for blob in (b"one", b"another"):
        snapshot_file.write(place, blob)
        assert snapshot_file.read(str(place)) == blob
        assert names(tmp_path) == ["chat"]
    (tmp_path / "chat.new").write_bytes(b"left by a killed writer")
    snapshot_file.remove(place)
    snapshot_file.remove(place)
    assert names(tmp_path) == []


def test_a_bare_name_is_in_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    snapshot_file.write("chat", b"one")
    assert snapshot_file.read("chat") == b"one"


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    place = tmp_path / "chat"
    for left in ("chat", "chat.new"):
        (tmp_path / left).write_bytes(b"old")
        (tmp_path / left).chmod(0o666)
    before = os.umask(0)
    try:
        snapshot_file.write(place, b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_link_left_in_the_way_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"kept")
    (tmp_path / "chat.new").symlink_to(elsewhere)
    snapshot_file.write(tmp_path / "chat", b"one")
    assert elsewhere.read_bytes() == b"kept"


def test_what_is_written_reaches_the_disk_before_and_after_it_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(number: int) -> None:
        fsync(number)
        done.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")

    def noted_replace(source: str, target: str) -> None:
        replace(source, target)
        done.append("renamed")

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    snapshot_file.write(tmp_path / "chat", b"one")
    assert done == ["file", "renamed", "folder"]


def test_a_writer_killed_200_times_loses_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(KILLED), str(tmp_path), "200"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0  # some were in the middle of a write
    assert set(names(tmp_path)) <= {"chat", "chat.new"}


@pytest.mark.parametrize(
    ("what", "use", "words"),
    [
        ("none", lambda p: snapshot_file.write(p / "no" / "wombat", b""), "cannot be written"),
        (
            "a folder in its place",
            lambda p: snapshot_file.write(p / "wombat", b""),
            "cannot be written",
        ),
        ("folder", lambda p: snapshot_file.read(p / "wombat"), "cannot be read"),
        ("folder", lambda p: snapshot_file.remove(p / "wombat"), "cannot be removed"),
        ("too large", lambda p: snapshot_file.read(p / "wombat-large"), "not a snapshot"),
    ],
)
def test_an_error_does_not_name_the_file(
    tmp_path: Path, what: str, use: Callable[[Path], object], words: str
) -> None:
    (tmp_path / "wombat" / "inside").mkdir(parents=True)
    (tmp_path / "wombat-large").write_bytes(bytes(MAX_BYTES + 1))
    with pytest.raises(SnapshotError, match=words) as caught:
        use(tmp_path)
    assert "wombat" not in repr(caught.value)
    assert caught.value.__context__ is None  # an OSError would name it
    assert names(tmp_path) == ["wombat", "wombat-large"], what  # no draft is left
