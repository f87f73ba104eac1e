"""Chats of whoever retrains: what is taken, what is refused, and where it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training import own_data, recalibrate
from safelight_training.cli import main
from safelight_training.corpora.reader import CorpusError
from safelight_training.data.splits import AUTHORED_SHARES
from safelight_training.operating_point import choose_from
from safelight_training.recipe import Settings
from safelight_training.scoring import Trace

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


@pytest.mark.parametrize(("twin", "bounds"), [("hard", True), ("plain", False), (None, False)])
def test_a_harmless_chat_bounds_a_warning_if_it_says_that_it_is_hard(
    tmp_path: Path, twin: str | None, bounds: bool
) -> None:
    found = read(tmp_path, row(split="validation", twin=twin))
    risks = np.full((2, 2), 0.7, np.float32)
    said = Trace(risks, np.ones((2, len(INDICATORS)), np.float32),
                 np.zeros((2, len(CUES)), np.float32))  # fmt: skip
    chosen = choose_from(found, [said], [], [])
    assert chosen["evidence"]["standard"]["hard_negatives"]["n"] == bounds
    warning = chosen["thresholds"]["levels"]["standard"]["grooming"]["warning"]
    assert (warning >= 0.7) is bounds


@pytest.mark.parametrize(
    ("why", "bad"),
    [
        ("first_sign", {"label": "grooming"}),
        ("the risk grooming", {**RISKY, "risks": {"grooming": None}}),
        ("the risk grooming", {**RISKY, "risks": {"sextortion": [0, 1]}}),
        ("risks holds something else", {**RISKY, "risks": {"groming": [0, 1]}}),
        ("risks holds something else", {**RISKY, "risks": [0, 1]}),
        ("two places", {**RISKY, "risks": {"grooming": ["0", "1"]}}),
        ("two places", {**RISKY, "risks": {"grooming": [0, 2]}}),
        ("indicators or cues", {"messages": [{"sender": "peer", "text": "hallo"}]}),
        ("split", {"split": "spare"}),
    ],
)
def test_what_cannot_be_trained_on_is_named_and_the_rest_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], why: str, bad: dict[str, Any]
) -> None:
    assert len(read(tmp_path, row(), {**row(), **bad})) == 1
    said = capsys.readouterr().err
    assert said.startswith("own.jsonl:2: ") and why in said and said.count("\n") == 1
    assert "hallo" not in said


def test_a_language_that_nobody_asked_for_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"chat-9: language is none of en, nl; .* --language"):
        read(tmp_path, row(), row(id="chat-9", language="sv"))


def test_thresholds_anew_hear_own_chats(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def load(settings: Settings) -> NoReturn:
        asked.append(settings)
        raise CorpusError("enough")

    monkeypatch.setattr(recalibrate, "load_data", load)
    path = tmp_path / "own.jsonl"
    assert main(["recalibrate", str(tiny_bundle), "--work", str(tmp_path), "--data", str(path),
                 "--language", "nl"]) == 3  # fmt: skip
    assert asked[0].own == (path,) and "nl" in asked[0].languages
