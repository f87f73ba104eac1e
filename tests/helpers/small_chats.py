"""Chats for the recipe in small: a folder of corpora in the real format, and somebody's own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from safelight_training.corpora import SOURCES
from safelight_training.plans import Amounts

#: One corpus that training sees, one that it never sees, one of single lines.
CORPORA = {"casino": 60, "topical_chat": 40, "chatterbot_fr": 40}
LINES = (
    "did you watch the match last night?", "yes, what a goal in the last minute",
    "i can trade you two packs of water for the firewood", "deal, that works for both of us",
    "my sister has the same book", "see you tomorrow at the station",
)  # fmt: skip
#: What each pass holds of them.
FEW = Amounts(authored=1, scenarios=40, spliced=10, real_messages=300, streams=3,
              stream_messages=80, beside=(20, 20, 100))  # fmt: skip


def write_corpora(folder: Path, sizes: Mapping[str, int] = CORPORA) -> Path:
    """`<source>.jsonl.gz`, one conversation a line."""
    for name, count in sizes.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            for i in range(count):
                messages = [
                    {"sender": "ab"[j % 2], "text": LINES[(i + j) % len(LINES)]} for j in range(8)
                ]
                row = {"id": f"{name}:{i}", "language": SOURCES[name].language}
                file.write(json.dumps({**row, "messages": messages}) + "\n")
    return folder


def own_chats(path: Path) -> Path:
    """Chats of somebody who retrains, in a language of theirs."""
    lines = ("kom je vanavond naar de training?", "ja, om zes uur", "neem de bal mee")
    messages = [{"sender": ("peer", "self")[i % 2], "text": text, "indicators": [], "cues": []}
                for i, text in enumerate(lines)]  # fmt: skip
    rows = [{"id": f"nl-{i}", "language": "nl", "label": "none", "twin": "plain",
             "voice": f"v{i % 5}", "messages": messages} for i in range(30)]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path
