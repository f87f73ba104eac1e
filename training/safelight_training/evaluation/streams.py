"""False alarms in long chats: real chats of a language joined into streams, alarms by messages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.stats import chi2

from safelight.types import Level
from safelight_training.data.times import one_after_another
from safelight_training.evaluation.prevalence import a_year_by_messages
from safelight_training.evaluation.real import dialogue_of
from safelight_training.evaluation.replay import Played

Chat = dict[str, Any]
#: Messages of a stream.
LENGTH = 2000
#: Seconds between two chats that are joined (where both have times): an hour to a day, as drawn.
PAUSE_S = (3600, 86400)


def joined(chats: Sequence[Chat], seed: int = 1, length: int = LENGTH) -> list[Chat]:
    """Streams of exactly `length` messages of one language, and the same the other way round.

    `chats`: real ones, both ways round; a stream and its twin hold each of them once, with the
    sides swapped. What does not fill a stream is left.
    """
    rng = random.Random(f"streams/{seed}")
    ways: dict[str, dict[str, list[Chat]]] = defaultdict(lambda: defaultdict(list))
    for chat in chats:
        ways[chat["language"]][dialogue_of(chat)].append(chat)
    streams = []
    for language, dialogues in sorted(ways.items()):
        both = [rng.sample(dialogues[name], len(dialogues[name])) for name in sorted(dialogues)]
        rng.shuffle(both)
        for way, pick in enumerate((0, -1)):
            chosen = [ways_round[pick] for ways_round in both]
            messages = one_after_another(chosen, lambda: rng.randint(*PAUSE_S))
            for start in range(0, len(messages) - length + 1, length):
                name = f"stream/{language}/{way}/{start // length}"
                streams.append({"id": name, "family": name, "language": language, "label": "none",
                                "messages": messages[start : start + length]})  # fmt: skip
    return streams


def episodes(loud: np.ndarray) -> int:
    """How often `loud` (messages,) bool begins to be true: cards that a person would be shown."""
    loud = np.asarray(loud, bool)
    return int((loud & ~np.concatenate(([False], loud[:-1]))).sum())


def rows(played: Sequence[Played], languages: Iterable[str]) -> list[dict[str, Any]]:
    """Alarms per 10,000 messages and in a person's year, by language, then all.

    With the exact 95% interval of a Poisson count (Garwood 1936); null where a language has too few
    messages for one stream.
    """
    found = []
    for language in (*sorted(languages), "all"):
        mine = [p for p in played if language in (p.conversation["language"], "all")]
        messages = sum(len(p.levels) for p in mine)
        row: dict[str, Any] = {"language": language, "streams": len(mine), "messages": messages}
        for level in (Level.NOTICE, Level.WARNING, Level.URGENT):
            times = sum(episodes(p.levels >= level) for p in mine)
            row[level.label] = _rates(times, messages) if messages else None
        found.append(row)
    return found


def _rates(times: int, messages: int) -> dict[str, Any]:
    low, high = garwood(times)
    scale = 10_000 / messages
    return {
        "times": times, "per_10_000": round(scale * times, 3),
        **{f"a_year{end}": round(a_year_by_messages(scale * value), 2)
           for end, value in (("", times), ("_low", low), ("_high", high))},
    }  # fmt: skip


def garwood(times: int) -> tuple[float, float]:
    """Exact 95% interval of a Poisson mean after `times` events."""
    low = chi2.ppf(0.025, 2 * times) / 2 if times else 0.0
    return float(low), float(chi2.ppf(0.975, 2 * times + 2) / 2)
