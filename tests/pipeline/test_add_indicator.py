"""A research fork with one indicator more: its runtime knows it, the shipped model is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "add_indicator.py"
OPTIONS = ("--name", "Betting", "--description", "Invites to bet money or items.",
           "--says", "invited you to bet", "--source", "A page", "A publisher")  # fmt: skip
#: What the fork's own Python says of it.
ASK = """
from pathlib import Path
import numpy as np, torch
import safelight
from safelight.advice import AdviceBook
from safelight.indicators import parse_indicators
from safelight.taxonomy import INDICATORS
folder = Path(safelight.__file__).parent / "bundle"
files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.json")}
assert INDICATORS[-1] == "betting_invite"
assert parse_indicators(files["indicators.json"])["betting_invite"].name("fr") == "Betting"
assert AdviceBook.from_files(files).words("ja").indicator_names["betting_invite"]
from safelight_training.model import Shape, Student
from safelight_training.targets import label_targets
from safelight_training.vectors import NoEncoder
labels, _ = label_targets({"messages": [{"sender": "peer", "indicators": ["betting_invite"]}]})
assert labels.shape == (1, 27) and labels.sum() == 1
found = Student(Shape(1), NoEncoder(16))(torch.zeros(1, 1, 16), torch.ones(1, 1), torch.ones(1, 1))
assert found[0].shape == (1, 1, 27)
try:
    safelight.Guard.load()
except safelight.BundleError:
    print("refused")
"""


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    def copy(name: str, *left_out: str) -> None:
        ignored = shutil.ignore_patterns("__pycache__", *left_out)
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)

    copy("model")
    copy("export")
    copy("training", "authored", "phrasebooks", "independent")
    return tmp_path


def add(fork: Path, name: str, url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), name, *OPTIONS, url, "--root", str(fork)]
    return subprocess.run(command, capture_output=True, text=True)


def test_the_fork_knows_it_from_the_label_to_the_card(fork: Path) -> None:
    assert add(fork, "betting_invite", "https://example.org/page").returncode == 0
    path = os.pathsep.join(str(fork / name) for name in ("model", "training", "export"))
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True,
                           env={**os.environ, "PYTHONPATH": path})  # fmt: skip
    assert asked.stdout == "refused\n", asked.stderr


@pytest.mark.parametrize(
    ("name", "url", "why"),
    [
        ("secrecy", "https://example.org", "already"),
        ("Two Words", "https://example.org", "lower-case"),
        ("betting_invite", "http://example.org", "https"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(
    fork: Path, name: str, url: str, why: str
) -> None:
    before = {p: p.read_bytes() for p in fork.rglob("*.json")}
    refused = add(fork, name, url)
    assert refused.returncode == 3
    assert why in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert all(p.read_bytes() == data for p, data in before.items())
