"""Keyword rules: phrases of public warning-sign pages, as word filters and forums use them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from safelight.taxonomy import INDICATORS

FILE = Path(__file__).with_name("keywords.txt")
#: Messages that a rule remembers.
RECENT = 50


@cache
def phrases(path: Path = FILE) -> dict[str, dict[str, list[str]]]:
    """Language → indicator → phrases, as `normalise` leaves them."""
    found: dict[str, dict[str, list[str]]] = {}
    language = indicator = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("== "):
            language = line[3:].strip()
        elif line.startswith("["):
            indicator = line[1 : line.index("]")]
            if indicator not in INDICATORS:
                raise ValueError(f"{path.name}:{number}: unknown indicator")
        else:
            group = found.setdefault(language, {}).setdefault(indicator, [])
            group.append(normalise(line))
    return found


def normalise(text: str) -> str:
    """NFKC, lower case, straight apostrophes, no accents on Latin letters, single spaces."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    split = unicodedata.normalize("NFD", text)
    bare = re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", split)
    return " ".join(unicodedata.normalize("NFC", bare).split())


@cache
def _patterns(path: Path = FILE) -> list[tuple[str, re.Pattern[str]]]:
    """(indicator, pattern) over all languages: a filter does not know which one is written."""
    grouped: dict[str, list[str]] = {}
    for language, by_indicator in phrases(path).items():
        edge = "" if language == "ja" else r"\b"
        for indicator, texts in by_indicator.items():
            grouped.setdefault(indicator, []).extend(edge + re.escape(t) + edge for t in texts)
    return [(name, re.compile("|".join(texts))) for name, texts in grouped.items()]


def matched(text: str) -> Iterator[str]:
    """Indicators of which the text holds a phrase."""
    plain = normalise(text)
    yield from (name for name, pattern in _patterns() if pattern.search(plain))


class Keywords:
    """Score: indicators in the other side's last RECENT messages; matches break ties."""

    name = "keyword rules"

    def scores(self, chats: Sequence[dict[str, Any]]) -> list[np.ndarray]:
        return [self._score(chat["messages"]) for chat in chats]

    @staticmethod
    def _score(messages: Sequence[dict[str, Any]]) -> np.ndarray:
        found = [set() if m["sender"] == "self" else set(matched(m["text"])) for m in messages]
        result = np.zeros(len(messages))
        for i in range(len(messages)):
            recent = found[max(0, i + 1 - RECENT) : i + 1]
            result[i] = len(set().union(*recent)) + 0.01 * sum(map(len, recent))
        return result
