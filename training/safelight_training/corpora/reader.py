"""Reads the folder of real chats: `<source>.jsonl.gz`, one conversation a line."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from safelight_training.corpora.sources import SOURCES, Source
from safelight_training.refused import InputError


class CorpusError(InputError):
    """A folder or file of real chats that cannot be used."""


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)


def sources_in(folder: Path, languages: Collection[str]) -> list[tuple[Source, Path]]:
    """The corpora of a folder in these languages, by name; refuses files not registered."""
    found = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        if name not in SOURCES:
            raise CorpusError(f"{path.name}: not in the registry of corpora")
        if SOURCES[name].language in languages:
            found.append((SOURCES[name], path))
    if not found:
        raise CorpusError(f"{folder}: no corpus in {', '.join(sorted(languages))}")
    return found


def read_corpus(
    path: Path, complain: Callable[[str], None] = _to_stderr
) -> Iterator[dict[str, Any]]:
    """Raw conversations of one file. A bad line is named to `complain`; the rest is read.

    Raises CorpusError where the file cannot be read to its end.
    """
    for number, line in enumerate(_lines(path), 1):
        try:
            raw = json.loads(line)
        except (ValueError, RecursionError):
            complain(f"{path.name}:{number}: not JSON")
            continue
        if problem := _problem(raw):
            complain(f"{path.name}:{number}: {problem}")
            continue
        yield raw


def _lines(path: Path) -> Iterator[str]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from lines
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise CorpusError(f"{path.name}: cannot be read to its end") from error


def _problem(raw: Any) -> str:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        return "no id"
    messages = raw.get("messages")
    if not isinstance(messages, list) or not messages:
        return "no messages"
    for message in messages:
        if not isinstance(message, dict):
            return "a message is not an object"
        if not all(isinstance(message.get(key), str) for key in ("sender", "text")):
            return "a message lacks sender or text"
    return ""
