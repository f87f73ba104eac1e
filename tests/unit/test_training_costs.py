"""What stages cost: added up over resumes and kills, and the page made of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from safelight_export.benchmark.machine import machine
from safelight_training.cli import main
from safelight_training.costs import FILE, NAMES, PART, Costs, render

MEGABYTE = 1_000_000


def rows(path: Path) -> dict[str, dict[str, float]]:
    return {row["name"]: row for row in json.loads(path.read_text("utf-8"))["stages"]}


def busy(seconds: float) -> None:
    """Work of the processor, by its own clock."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_stage_is_counted_by_both_clocks(tmp_path: Path) -> None:
    costs = Costs(tmp_path / FILE, threads=3)
    with costs.of("data"):
        busy(0.05)
        time.sleep(0.1)
    row = rows(tmp_path / FILE)["data"]
    assert 0.05 <= row["cpu_seconds"] < row["seconds"]
    assert row["seconds"] >= row["cpu_seconds"] + 0.05
    assert row["runs"] == 1
    found = json.loads((tmp_path / FILE).read_text("utf-8"))
    assert found["machine"] == machine()
    assert found["threads"] == 3
    assert set(found["versions"]) == {"torch", "tokenizers"}


def test_the_peak_holds_what_a_stage_took(tmp_path: Path) -> None:
    costs = Costs(tmp_path / FILE)
    with costs.of("small"):
        pass
    with costs.of("large"):
        held = np.ones(400 * MEGABYTE // 8)
    assert held.sum() > 0
    found = rows(tmp_path / FILE)
    there_is = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / MEGABYTE
    assert max(400, found["small"]["peak_mb"]) <= found["large"]["peak_mb"] < there_is


def test_a_second_run_adds_to_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        with Costs(tmp_path / FILE).of("data"):
            busy(0.03)
    row = rows(tmp_path / FILE)["data"]
    assert row["cpu_seconds"] >= 0.06
    assert row["runs"] == 2


def test_a_stage_that_fails_is_counted_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Costs(tmp_path / FILE).of("data"):
        busy(0.03)
        _ = 1 // 0
    assert rows(tmp_path / FILE)["data"]["cpu_seconds"] >= 0.03


KILLED = """
import os, signal, sys, time
from pathlib import Path
from safelight_training.costs import Costs
costs = Costs(Path(sys.argv[1]))
with costs.of("whole"):
    end = time.process_time() + 0.05
    while time.process_time() < end: pass
    costs.keep()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_kept_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / FILE
    places = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, env=places)
    assert done.returncode < 0
    kept = rows(path)["whole"]["cpu_seconds"]
    assert kept >= 0.05
    with Costs(path).of("whole"):
        busy(0.02)
    assert rows(path)["whole"]["cpu_seconds"] >= kept + 0.02


def test_keeping_twice_counts_once(tmp_path: Path) -> None:
    costs = Costs(tmp_path / FILE)
    start = time.process_time()
    with costs.of("whole"):
        for _ in range(50):
            busy(0.001)
            costs.keep()
    spent = time.process_time() - start
    assert 0.05 <= rows(tmp_path / FILE)["whole"]["cpu_seconds"] <= spent + 0.001


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    costs = Costs(None)
    with costs.of("whole"):
        costs.keep()
    assert costs.rows["whole"]["runs"] == 1
    assert not list(tmp_path.iterdir())


def stages(work: Path) -> None:
    """The file of a recipe whose figures can be read off."""
    listed = [("data", 20.0, 20.0, 900.0), ("whole", 60.0, 108.0, 4000.0),
              (f"whole{PART}preparing the chats", 6.0, 6.0, 3000.0)]  # fmt: skip
    found = [{"name": name, "runs": 1, "seconds": s, "cpu_seconds": cpu, "peak_mb": peak}
             for name, s, cpu, peak in listed]  # fmt: skip
    work.mkdir()
    (work / FILE).write_text(
        json.dumps({"format": 1, "machine": machine(), "threads": 2, "versions": {"torch": "2"},
                    "stages": found}), "utf-8",
    )  # fmt: skip


def test_the_page_says_what_dominates_and_counts_no_part_twice(tmp_path: Path) -> None:
    stages(tmp_path / "work")
    page = render(json.loads((tmp_path / "work" / FILE).read_text("utf-8")))
    assert "take 1.3 minutes, *whole* alone 75% of it; the peak is 4.0 GB" in page
    assert "| whole | 60.0 | 75.0% | 1.8 | 4,000 | 1 |" in page
    assert "| … of which preparing the chats | 6.0 | 7.5% | 1.0 | 3,000 | 1 |" in page


def test_the_command_writes_the_page_and_checks_it(tmp_path: Path) -> None:
    stages(tmp_path / "work")
    out = str(tmp_path / "docs")
    assert main(["stages", str(tmp_path / "work"), "--out", out]) == 0
    assert main(["stages", "--check", "--out", out]) == 0
    page = tmp_path / "docs" / NAMES[1]
    page.write_text(page.read_text("utf-8").replace("60.0", "59.0"), "utf-8")
    assert main(["stages", "--check", "--out", out]) == 1


def test_a_folder_without_stages_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stages", str(tmp_path)]) == 3
    assert main(["stages"]) == 3
    said = capsys.readouterr().err.splitlines()
    assert said == ["safelight_training: the work folder holds no stages.json"] * 2
