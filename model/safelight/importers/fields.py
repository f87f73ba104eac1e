"""Fields that exports of several apps have in common, read with care."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from safelight.importers.json_stream import JsonStream, JsonStreamError
from safelight.importers.records import MAX_TEXT, clipped, well_formed

_MAX_DEPTH = 4


def moment_ms(value: Any) -> tuple[datetime | None, bool]:
    """A time in milliseconds since 1970 (a number or digits), and False where it does not exist."""
    if value is None or value == "":
        return None, True
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None, False
    try:
        return datetime.fromtimestamp(int(value) / 1000, timezone.utc), True
    except (ValueError, OverflowError, OSError):
        return None, False


def words(value: Any) -> str:
    """A text that is well formed; anything else is no text."""
    return well_formed(value) if isinstance(value, str) else ""


def first_words(*values: Any) -> str:
    """The first of several values that is a text with something in it, or ""."""
    return next((text for text in map(words, values) if text), "")


def member(row: Any, *keys: str) -> Any:
    """What stands at a path of keys; None where the path breaks off."""
    for key in keys:
        row = row.get(key) if isinstance(row, dict) else None
    return row


def objects(value: Any) -> Sequence[dict[str, Any]]:
    """The objects in a list; none if it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def poll(question: str, answers: Iterable[str]) -> str:
    """A poll as text, as Element spells it: the question, then the answers by number."""
    numbered = (f"{number}. {answer}" for number, answer in enumerate(answers, start=1))
    return "\n".join(filter(None, (question, *numbered)))


@dataclass
class Doubts:
    """What is wrong with a record that is kept all the same, each in a fixed phrase."""

    found: list[str] = field(default_factory=list)

    def moment_ms(self, value: Any) -> datetime | None:
        """As the function of the same name; a time that does not exist is noted."""
        moment, exists = moment_ms(value)
        if not exists:
            self.found.append("the date of a message does not exist")
        return moment

    def cut(self, text: str) -> str:
        """At most `MAX_TEXT` characters (see `clipped`); a cut is noted."""
        if len(text) > MAX_TEXT:
            self.found.append(f"a message was cut at {MAX_TEXT:,} characters")
        return clipped(text)


def key_paths(head: bytes) -> frozenset[str]:
    """The keys of the first JSON document of a head, as paths such as `messages[].sender`.

    The document may break off, as a head does.
    """
    found: set[str] = set()
    if head.lstrip()[:1] in (b"{", b"["):
        json = JsonStream(io.StringIO(head.decode("utf-8", errors="replace")))
        with suppress(JsonStreamError):
            _walk(json, "", found, 0)
    return frozenset(found)


def _walk(json: JsonStream, path: str, found: set[str], depth: int) -> None:
    start = json.peek()
    if start == "{" and depth < _MAX_DEPTH:
        for key in json.members():
            inner = f"{path}.{key}" if path else key
            found.add(inner)
            _walk(json, inner, found, depth + 1)
    elif start == "[" and depth < _MAX_DEPTH:
        for _ in json.items():
            _walk(json, f"{path}[]", found, depth + 1)
    else:
        json.skip()
