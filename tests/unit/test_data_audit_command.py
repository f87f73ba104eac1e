"""What the audit's report says, on a few chats; the command on the project's own data."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from safelight_training.data import audit_command
from safelight_training.data.generate import authored_conversations


def chat(number: int, label: str = "none", twin: str = "hard", **more: object) -> dict[str, object]:
    messages = [
        {"sender": "peer", "text": f"hello number {number}", "indicators": ["secrecy"], "cues": []},
        {"sender": "self", "text": "hi", "indicators": [], "cues": ["refusal"]},
    ]
    return {"id": f"c{number}", "label": label, "twin": twin, "language": "en", "voice": "en-v01",
            "kind": f"k{number}", "family": f"authored/c{number}", "messages": messages,
            **more}  # fmt: skip


def test_voices_count_each_kind() -> None:
    chats = [chat(1), chat(2, twin="plain"), chat(3, "grooming", ""), chat(4, voice="fr-v02")]
    first, second = audit_command._voices(chats)
    assert first == {"voice": "en-v01", "dialogues": 3, "grooming": 1, "sextortion": 0, "hard": 1,
                     "plain": 1, "situations": 3, "messages": 6}  # fmt: skip
    assert second["voice"] == "fr-v02"


def test_labels_are_counted_where_they_stand() -> None:
    rows = audit_command._labels([chat(1), chat(2, family="scenario/boat")])
    secrecy = next(row for row in rows if row["label"] == "secrecy")
    assert secrecy == {"label": "secrecy", "en": 1, "en scenarios": 1}
    assert len(rows) == 26


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of French whole dialogues alone, which is quicker than all."""
    made = list(authored_conversations("fr"))
    monkeypatch.setattr(audit_command, "conversations", lambda seed, languages: made)
    return tmp_path


def arguments(folder: Path, check: bool = False) -> argparse.Namespace:
    return argparse.Namespace(seed=1, out=folder, check=check, corpora=None)


def test_what_is_written_is_current(folder: Path) -> None:
    assert audit_command.run(arguments(folder)) == 0
    assert audit_command.run(arguments(folder, check=True)) == 0


def test_an_old_report_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit_command.run(arguments(folder))
    found = json.loads((folder / "audit.json").read_text("utf-8"))
    found["voices"][0]["dialogues"] += 1
    (folder / "audit.json").write_text(json.dumps(found), "utf-8")
    assert audit_command.run(arguments(folder, check=True)) == 1
    errors = capsys.readouterr().err
    assert "voices[0].dialogues" in errors
    assert "audit.md is not of audit.json" in errors


def test_a_text_that_stands_in_the_judging_chats_stops_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_command, "shared", lambda judging, texts: ["en-x01-001/3"])
    assert audit_command.run(arguments(folder)) == 2
    assert not (folder / "audit.json").exists()
