"""How often the recontact hint is wrong: what is counted, and that a check sees a change."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from safelight import recontact_forms
from safelight_training.cli import main
from safelight_training.evaluation import recontact

ROOT = Path(__file__).parents[2]
ROUTE = "https://example.com/route-to-the-pitch"


@pytest.fixture(autouse=True)
def _in_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recontact, "PAIRS", 40)
    monkeypatch.chdir(ROOT)


def corpora(folder: Path, said: dict[str, str]) -> Path:
    """A folder with one corpus; of each dialogue what its second writer says behind a handle."""
    rows = [
        {"id": f"ubuntu_irc:{name}", "language": "en",
         "messages": [{"sender": "a", "text": "hello"}, {"sender": "b", "text": text}]}
        for name, text in said.items()
    ]  # fmt: skip
    folder.mkdir()
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0)
    (folder / "ubuntu_irc.jsonl.gz").write_bytes(packed)
    return folder


def measured(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / recontact.JSON).read_text("utf-8"))
    return found


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    said = {f"d{i}": f"fox{i:03}_{'abcdefgh'[i % 8]}: ok" for i in range(30)}
    return corpora(tmp_path / "chats", {**said, "route1": ROUTE, "route2": ROUTE})


def test_it_counts_contacts_pairs_and_disguises(chats: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["recontact", "--corpora", str(chats), "--out", str(out)]) == 0
    found = measured(out)
    assert found["chats"]["all corpora"]["n"] == 32
    assert found["chats"]["shown"]["link"] == 2
    # Two of 32 share a page, and 20 of the others are blocked in each comparison.
    assert 1 <= found["chats"]["all corpora"]["by_kind"]["link"] <= 2
    assert (found["handles"]["handles"], found["handles"]["n"]) == (30, 30 * 29 // 2)
    assert found["handles"]["hinted"] == 0
    assert found["disguised"][0] == {**found["disguised"][0], "hinted": 30, "share": 1.0}
    assert [row["hinted"] for row in found["made"]] == [0, 0, 0, 0]
    assert "32" in (out / recontact.MARKDOWN).read_text("utf-8")


def test_a_check_passes_and_sees_other_rules(
    chats: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")]
    assert main(["recontact", "--corpora", str(chats), *out]) == 0
    assert main(["recontact", "--check", *out]) == 0
    assert main(["recontact", "--check", "--corpora", str(chats), *out]) == 0
    monkeypatch.setattr(recontact_forms, "_TRACKING", recontact_forms.re.compile("id"))
    assert main(["recontact", "--check", *out]) == 1
    assert "rules is not what" in capsys.readouterr().err


def test_a_check_sees_other_chats_and_another_page(chats: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["recontact", "--corpora", str(chats), "--out", str(out)]) == 0
    other = corpora(tmp_path / "other", {f"d{i}": f"wolf{i:03}x: hi" for i in range(30)})
    assert main(["recontact", "--check", "--corpora", str(other), "--out", str(out)]) == 1
    page = out / recontact.MARKDOWN
    page.write_text(page.read_text("utf-8").replace("32", "33"), "utf-8")
    assert main(["recontact", "--check", "--out", str(out)]) == 1


def test_measuring_needs_chats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recontact", "--out", str(tmp_path)]) == 3
    assert "--corpora is needed" in capsys.readouterr().err


def test_the_committed_figures_keep_the_budget() -> None:
    found = measured(ROOT / "docs" / "evaluation")
    assert found["chats"]["all corpora"]["high"] <= 0.001
    assert found["chats"]["the same corpus"]["high"] <= 0.001
    assert found["handles"]["high"] <= 0.001
    assert all(row["high"] <= 0.001 for row in found["made"])
