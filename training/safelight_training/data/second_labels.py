"""A second, blind labelling of whole dialogues: sheets without labels out, labels back in.

    == en-v01-003
    4: secrecy
    7: image_request, pressure

A sheet shows the messages with their places; a file of second labels names, under the id of a
dialogue, the places at which the reader saw something, and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.data.splits import fraction
from safelight_training.refused import InputError

FOLDER = Path(__file__).parent / "second_labels"
#: Messages that should carry each label in the sample; dialogues of each language at least.
WANTED, LEAST = 30, 24
LINE = re.compile(r"^(\d+):\s*([\w, ]*)$")
Labels = dict[str, dict[int, frozenset[str]]]


class SecondLabelsError(InputError):
    """A line of second labels that does not follow the format."""


def sample(chats: Sequence[dict[str, Any]], wanted: int = WANTED, least: int = LEAST) -> list[str]:
    """Ids of a stratified sample: dialogues by hash until every label stands `wanted` times.

    Rare labels are looked for first; then every language is filled up to `least` dialogues, half
    of them harmless.
    """
    ordered = sorted(chats, key=lambda chat: fraction(f"second/{chat['id']}"))
    total = Counter(label for chat in chats for label in _labels_of(chat))
    picked: dict[str, dict[str, Any]] = {}
    seen: Counter[str] = Counter()
    for label in sorted(total, key=lambda name: (total[name], name)):
        for chat in ordered:
            if seen[label] >= wanted:
                break
            if chat["id"] not in picked and label in _labels_of(chat):
                picked[chat["id"]] = chat
                seen.update(_labels_of(chat))
    for language in sorted({chat["language"] for chat in chats}):
        for risky in (False, True):
            for chat in ordered:
                mine = [c for c in picked.values() if c["language"] == language]
                have = sum((c["label"] != "none") == risky for c in mine)
                if have >= least // 2:
                    break
                if chat["language"] == language and (chat["label"] != "none") == risky:
                    picked.setdefault(chat["id"], chat)
    return sorted(picked)


def _labels_of(chat: dict[str, Any]) -> list[str]:
    return [label for m in chat["messages"] for label in (*m["indicators"], *m["cues"])]


def sheet(chats: Sequence[dict[str, Any]]) -> str:
    """The dialogues for a blind reader: ids, places, who writes, texts; no label, no situation."""
    arrows = {"self": "<", "peer": ">"}
    lines = []
    for chat in chats:
        lines.append(f"== {chat['id']}")
        for place, message in enumerate(chat["messages"]):
            medium = f"({message['media']}) " if message.get("media") else ""
            arrow = arrows.get(message["sender"], f"@{message['sender']}>")
            lines.append(f"{place} {arrow} {medium}{message['text']}".rstrip())
        lines.append("")
    return "\n".join(lines)


def read_labels(path: Path) -> Labels:
    """Labels by dialogue and place; raises SecondLabelsError with file and line."""
    found: Labels = {}
    chat = ""
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("== "):
            chat = line[3:].strip()
            if chat in found:
                raise SecondLabelsError(f"{path.name}:{number}: {chat} stands twice")
            found[chat] = {}
            continue
        if not chat or not (match := LINE.match(line)):
            raise SecondLabelsError(f"{path.name}:{number}: write PLACE: label, label")
        labels = frozenset(name.strip() for name in match[2].split(",") if name.strip())
        if unknown := sorted(labels - {*INDICATORS, *CUES}):
            raise SecondLabelsError(f"{path.name}:{number}: unknown label {unknown[0]}")
        place = int(match[1])
        found[chat][place] = found[chat].get(place, frozenset()) | labels
    return found


def second_labels(folder: Path = FOLDER) -> Labels:
    """Those of all files."""
    found: Labels = {}
    for path in sorted(folder.glob("*.txt")):
        found |= read_labels(path)
    return found
