"""The examples in docs/integrate do what the page says, each as a program of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "integrate"
#: page, number of the example on it → what it prints
EXAMPLES = [
    ("threads.md", 0, "['none', 'none', 'none']\n{'chat-1': 2, 'chat-2': 1}\n"),
    ("threads.md", 1, "['none', 'none']\n"),
    ("snapshots.md", 0, "2 False\n"),
    ("snapshots.md", 1, "2 False\n"),
    ("matrix.md", 0, "@kim:example.com none False\n"),
]


def examples(page: str) -> list[str]:
    return re.findall(
        r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.M | re.S
    )


@pytest.mark.parametrize(("page", "number", "printed"), EXAMPLES)
def test_an_example_runs(tmp_path: Path, page: str, number: int, printed: str) -> None:
    script = tmp_path / "example.py"  # a file, as processes that are spawned read it again
    script.write_text(examples(page)[number], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == printed
    assert [path.name for path in tmp_path.iterdir()] == ["example.py"]


def test_every_example_is_run() -> None:
    counts = {page: len(examples(page)) for page, _, _ in EXAMPLES}
    assert sum(counts.values()) == len(EXAMPLES)
