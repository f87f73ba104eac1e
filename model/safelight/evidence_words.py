"""The words of the evidence page: words/evidence/<language>.json of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from safelight import reading
from safelight.advice import REVIEWS
from safelight.by_language import FALLBACK, primary
from safelight.evidence_parts import CHOICES, FACTS, LEVELS
from safelight.taxonomy import MEDIA

FOLDER = Path(__file__).parent / "words" / "evidence"
_LINES = (
    "title", "made", "source", "code_title", "code_note", "code_full", "how", "shows_title",
    "limits_title", "pictures_title", "yours_title", "facts_title", "messages_title", "number",
    "who", "said", "owner_mark", "no_text", "not_included", "file_name", "time_unknown",
    "zone_unknown", "left_out", "not_chosen", "noticed",
)  # fmt: skip
_LISTS = ("shows", "limits", "pictures", "yours")
_TABLES = {
    "facts": FACTS,
    "choices": tuple(dict.fromkeys(value for values in CHOICES.values() for value in values)),
    "media": MEDIA,
    "levels": LEVELS,
}


@dataclass(frozen=True)
class PageWords:
    """One language. line: single phrases by key; lists: whole sentences; tables: by value.

    review: "none", "native" or "practitioner", as for advice.
    """

    language: str
    review: str
    line: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Mapping[str, str]]


def languages() -> tuple[str, ...]:
    """The languages that the page can be in."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def words(language: str) -> PageWords:
    """The words of a language ("fr", "fr-CA"), or of English where there are none."""
    code = primary(language)
    return _read(code if code in languages() else FALLBACK)


def _read(code: str) -> PageWords:
    where = f"words/evidence/{code}.json"
    raw = reading.parse_json((FOLDER / f"{code}.json").read_bytes(), where)
    raw = reading.exact_keys(raw, ("language", "review", *_LINES, *_LISTS, *_TABLES), where)
    return PageWords(
        language=reading.one_of(raw["language"], (code,), where),
        review=reading.one_of(raw["review"], REVIEWS, where),
        line={key: reading.text(raw[key], f"{where}: {key}") for key in _LINES},
        lists={
            key: tuple(
                reading.text(entry, f"{where}: {key}")
                for entry in reading.sequence(raw[key], f"{where}: {key}", least=1, most=6)
            )
            for key in _LISTS
        },
        tables={
            key: reading.texts(raw[key], keys, f"{where}: {key}") for key, keys in _TABLES.items()
        },
    )
