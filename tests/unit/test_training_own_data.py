"""Chats of whoever retrains: what is taken, what is refused, and where it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from safelight_training import own_data
from safelight_training.corpora.reader import CorpusError
from safelight_training.data.splits import AUTHORED_SHARES

LANGUAGES = ("en", "nl")


def row(**more: Any) -> dict[str, Any]:
    messages = [{"sender": "peer", "text": "hallo", "indicators": []},
                {"sender": "self", "text": "hoi", "cues": []}]  # fmt: skip
    return {"language": "nl", "label": "none", "messages": messages, **more}


RISKY = {"label": "grooming", "first_sign": 0, "warn_by": 1, "risks": {"grooming": [0, 1]}}


def read(tmp_path: Path, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    return own_data.read([path], LANGUAGES)


def test_a_voice_stays_in_one_split_and_all_splits_get_some(tmp_path: Path) -> None:
    found = read(tmp_path, *(row(id=f"{i}", voice=f"v{i % 60}") for i in range(300)))
    by_voice = {(c["voice"], c["split"]) for c in found}
    assert len(by_voice) == 60
    assert {split for _, split in by_voice} == set(AUTHORED_SHARES)


def test_a_chat_weighs_as_a_whole_dialogue_and_has_every_label(tmp_path: Path) -> None:
    found = read(tmp_path, row(family="f", split="train", **RISKY))[0]
    assert found["family"].startswith("authored/")
    assert found["split"] == "train"
    assert all(m["indicators"] == [] and m["cues"] == [] for m in found["messages"])


@pytest.mark.parametrize(
    ("why", "bad"),
    [
        ("--language", {"language": "sv"}),
        ("first_sign", {"label": "grooming"}),
        ("first_sign", {**RISKY, "risks": {"grooming": None}}),
        ("first_sign", {**RISKY, "risks": {"grooming": [1, 0]}}),
        ("first_sign", {**RISKY, "risks": {"grooming": [0, 2]}}),
        ("indicators or cues", {"messages": [{"sender": "peer", "text": "hallo"}]}),
        ("split", {"split": "spare"}),
    ],
)
def test_what_cannot_be_trained_on_is_refused_in_one_line(
    tmp_path: Path, why: str, bad: dict[str, Any]
) -> None:
    with pytest.raises(CorpusError, match=why) as refused:
        read(tmp_path, row(id="chat-9", **bad) if "messages" not in bad else {**row(), **bad})
    assert "hallo" not in str(refused.value)
