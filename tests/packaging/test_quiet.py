"""No socket and no stray file: the runtime at work for 90 seconds, `CI` unset, an empty home.

The kernel ends the process at the first socket, file or folder that any part of it makes anywhere.
Newer ONNX Runtimes stay quiet under CI=true and open their sockets late; hence both.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = Path(__file__).with_name("quiet_child.py")
ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the kernel's filter on system calls exists on Linux alone"
)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The child with nothing of this environment but a path, an empty home and an empty cwd."""
    places = {name: folder / name for name in ("home", "tmp", "cwd")}
    for place in places.values():
        place.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]),
        "PYTHONPATH": str(ROOT / "model"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.run(
        [sys.executable, str(CHILD), *arguments],
        env=environment, cwd=places["cwd"], capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def tree(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@linux
def test_runtime_opens_no_socket_and_writes_no_file_in_90_seconds(tmp_path: Path) -> None:
    before = tree(ROOT / "model")
    done = run(tmp_path, "90")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("observed ")
    assert tree(tmp_path) == ["cwd", "home", "tmp"]
    assert tree(ROOT / "model") == before


@linux
@pytest.mark.parametrize("act", ["--open-socket", "--new-file", "--new-folder"])
def test_the_filter_would_catch_a_socket_and_a_new_file_anywhere(tmp_path: Path, act: str) -> None:
    assert run(tmp_path, "0", act).returncode == -signal.SIGSYS
    assert tree(tmp_path) == ["cwd", "home", "tmp"]
