"""False alarms in long chats: real chats of a language joined into streams, alarms by messages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from safelight.types import Level
from safelight_training.evaluation.prevalence import a_year_by_messages
from safelight_training.evaluation.replay import Played

Chat = dict[str, Any]
#: Messages of a stream.
LENGTH = 2000
#: Seconds between two chats that are joined (where both have times): an hour to a day, as drawn.
PAUSE_S = (3600, 86400)


def joined(chats: Sequence[Chat], seed: int = 1, length: int = LENGTH) -> list[Chat]:
    """Streams of exactly `length` messages in one language, each chat used once and one way round.

    `chats`: real ones, both ways round; which way is drawn. What does not fill a stream is left.
    """
    rng = random.Random(f"streams/{seed}")
    ways: dict[tuple[str, str], list[Chat]] = defaultdict(list)
    for chat in chats:
        ways[(chat["language"], f"{chat['corpus']}/{chat['family']}")].append(chat)
    one_way: dict[str, list[Chat]] = defaultdict(list)
    for (language, _), both in sorted(ways.items()):
        one_way[language].append(rng.choice(both))
    streams = []
    for language, mine in sorted(one_way.items()):
        rng.shuffle(mine)
        messages = [m for chat in _retimed(mine, rng) for m in chat]
        for start in range(0, len(messages) - length + 1, length):
            part = messages[start : start + length]
            streams.append({"id": f"stream/{language}/{start // length}", "language": language,
                            "label": "none", "family": f"stream/{language}/{start // length}",
                            "messages": part})  # fmt: skip
    return streams


def _retimed(chats: Sequence[Chat], rng: random.Random) -> list[list[dict[str, Any]]]:
    """Messages of each chat on one clock; a chat without times has none and the clock waits."""
    clock, parts = 0, []
    for chat in chats:
        part, last = [], clock
        for message in map(dict, chat["messages"]):
            if message.get("offset_s") is not None:
                message["offset_s"] = last = clock + message["offset_s"]
            part.append(message)
        clock = last + rng.randint(*PAUSE_S)
        parts.append(part)
    return parts


def episodes(loud: np.ndarray) -> int:
    """How often `loud` (messages,) bool begins to be true: cards that a person would be shown."""
    loud = np.asarray(loud, bool)
    return int((loud & ~np.concatenate(([False], loud[:-1]))).sum())


def rows(played: Sequence[Played]) -> list[dict[str, Any]]:
    """Alarms per 10,000 messages and in a person's year, by language, then all."""
    languages = sorted({p.conversation["language"] for p in played})
    found = []
    for language in (*languages, "all"):
        mine = [p for p in played if language in (p.conversation["language"], "all")]
        messages = sum(len(p.levels) for p in mine)
        row: dict[str, Any] = {"language": language, "streams": len(mine), "messages": messages}
        for level in (Level.NOTICE, Level.WARNING, Level.URGENT):
            times = sum(episodes(p.levels >= level) for p in mine)
            rate = 10_000 * times / messages if messages else 0.0
            year = round(a_year_by_messages(rate), 2)
            row[level.label] = {"times": times, "per_10_000": round(rate, 3), "a_year": year}
        found.append(row)
    return found
