"""Timelines of a few written chats: the demo's, and some of the test split."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from safelight.taxonomy import RISKS
from safelight_training.data.authored_format import is_authored
from safelight_training.evaluation.replay import Played, play
from safelight_training.evaluation.subject import SENSITIVITY, Subject

Chat = dict[str, Any]
SAMPLES = ("ordinary.jsonl", "warning_signs.jsonl")
#: Label and twin of the whole dialogues shown, the first of each in English.
SHOWN = (
    ("grooming", "", "Grooming, a whole dialogue"),
    ("sextortion", "", "Sextortion, a whole dialogue"),
    ("none", "hard", "Harmless but hard to tell, a whole dialogue"),
)


def examples(subject: Subject, written: Sequence[Chat]) -> list[dict[str, Any]]:
    """Title, risks, levels and marks message by message; no text."""
    titled = [*_samples(), *_dialogues(written)]
    config = subject.bundle.manifest.policies[SENSITIVITY]
    played = play(subject.replayed(), config, [chat for _, chat in titled], "examples")
    return [_row(title, p) for (title, _), p in zip(titled, played, strict=True)]


def _samples() -> list[tuple[str, Chat]]:
    folder = files("safelight") / "samples"
    lines = [(folder / name).read_text("utf-8").splitlines()[0] for name in SAMPLES]
    return [(f"Demo: {chat['id']}", chat) for chat in map(json.loads, lines)]


def _dialogues(written: Sequence[Chat]) -> list[tuple[str, Chat]]:
    mine = [
        c for c in written
        if c["split"] == "test" and c["language"] == "en" and is_authored(c)
    ]  # fmt: skip
    found = []
    for label, twin, title in SHOWN:
        chats = [c for c in mine if c["label"] == label and twin in ("", c["twin"])]
        if chats:
            found.append((title, min(chats, key=lambda c: str(c["id"]))))
    return found


def _row(title: str, played: Played) -> dict[str, Any]:
    marks = {name: played.conversation.get(name) for name in ("first_sign", "warn_by")}
    risks = {
        risk: [round(float(p), 3) for p in played.trace.risks[:, i]] for i, risk in enumerate(RISKS)
    }
    return {"title": title, **marks, "levels": played.levels.tolist(), "risks": risks}
