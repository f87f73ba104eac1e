"""Labelled conversations from any folder of JSON lines (`docs/formats.md`), plain or gzipped."""

from __future__ import annotations

import gzip
import json
import math
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from safelight.taxonomy import CUES, INDICATORS, MEDIA, RISKS
from safelight_training.corpora.reader import CorpusError

Chat = dict[str, Any]
Complain = Callable[[str], None]
LABELS = (*RISKS, "none")
#: What the lists of a message may hold.
ASKED = {"indicators": INDICATORS, "cues": CUES, "unsure": (*INDICATORS, *CUES)}


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr)


def _nothing(chat: Chat) -> str:
    return ""


def read_folder(
    path: Path, complain: Complain = _to_stderr, lacks: Callable[[Chat], str] = _nothing
) -> list[Chat]:
    """All conversations of a file, or of the `*.jsonl` and `*.jsonl.gz` under a folder.

    A line that cannot be used is named to `complain` (file, line, what is wrong; never its text)
    and the rest is read. `lacks`: what else is wrong with a conversation, for whoever needs more of
    it. Raises CorpusError where nothing is left.
    """
    files = [path] if path.is_file() else sorted(
        file for pattern in ("*.jsonl", "*.jsonl.gz") for file in path.rglob(pattern)
    )  # fmt: skip
    found = [chat for file in files for chat in _read(file, complain, lacks)]
    if not found:
        raise CorpusError(f"{path.name}: no labelled conversation (*.jsonl) could be read")
    return found


def _read(file: Path, complain: Complain, lacks: Callable[[Chat], str]) -> Iterator[Chat]:
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                chat, problem = parse(line, f"{file.stem}/{number}")
                problem = problem if chat is None else lacks(chat)
                if chat is None or problem:
                    complain(f"{file.name}:{number}: {problem}")
                else:
                    yield chat
    except (OSError, UnicodeDecodeError, EOFError, zlib.error):
        complain(f"{file.name}: cannot be read to its end")


def parse(line: str, name: str) -> tuple[Chat | None, str]:
    """One conversation with every key that the lab needs, or None and what is wrong with it."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return None, "not JSON"
    if not isinstance(raw, dict):
        return None, "not a JSON object"
    if raw.get("label") not in LABELS:
        return None, f"label is none of {', '.join(LABELS)}"
    messages = raw.get("messages")
    if not isinstance(messages, list) or not messages:
        return None, "no messages"
    for i, message in enumerate(messages):
        if problem := _problem(message):
            return None, f"message {i}: {problem}"
    if problem := _marks(raw, len(messages)) or _arcs(raw, len(messages)):
        return None, problem
    for key in ("language", "family", "corpus", "twin"):
        if raw.get(key) is not None and not isinstance(raw[key], str):
            return None, f"{key} is not a text"
    raw = _said(raw)
    chat_id = str(raw.get("id") or name)
    defaults = {"language": "", "family": chat_id, "corpus": "given", "kind": "", "twin": "",
                "risks": dict.fromkeys(RISKS), "is_chat": True, "real": False}  # fmt: skip
    messages = [{"text": "", **_said(message)} for message in messages]
    return {**defaults, **raw, "id": chat_id, "messages": messages}, ""


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """Without those that are null."""
    return {key: value for key, value in fields.items() if value is not None}


def _problem(message: Any) -> str:
    if not isinstance(message, dict):
        return "not an object"
    if not isinstance(message.get("sender"), str) or not message["sender"]:
        return "no sender"
    if not isinstance(message.get("text", ""), str):
        return "the text is not a text"
    offset = message.get("offset_s")
    if offset is not None and not _is_number(offset):
        return "offset_s is not a number"
    if message.get("media") not in (None, *MEDIA):
        return "unknown media"
    for key, known in ASKED.items():
        labels = [] if message.get(key) is None else message[key]
        if not isinstance(labels, list) or not set(map(str, labels)) <= set(known):
            return f"{key} holds an unknown label"
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _marks(raw: dict[str, Any], n: int) -> str:
    """Both marks or neither; a chat without them can only be asked whether it was warned."""
    sign, by = raw.get("first_sign"), raw.get("warn_by")
    if raw["label"] == "none" or (sign is None and by is None):
        return ""
    if not _in_order((sign, by), n):
        return "first_sign and warn_by are not two places in the chat, in order"
    return ""


def _arcs(raw: dict[str, Any], n: int) -> str:
    """The risks by name, each with its two places or null; a harmless chat has none."""
    risks = raw.get("risks")
    if risks is None:
        return ""
    if not isinstance(risks, dict) or not set(risks) <= set(RISKS):
        return f"risks holds something else than {' and '.join(RISKS)}"
    arcs = [arc for arc in risks.values() if arc is not None]
    if not all(isinstance(arc, list) and _in_order(arc, n) for arc in arcs):
        return "risks: an arc is not two places in the chat, in order"
    return "label is none and risks are not" if arcs and raw["label"] == "none" else ""


def _in_order(places: Sequence[Any], n: int) -> bool:
    """Whether they are two places in a chat of `n` messages, the first no later than the other."""
    whole = all(isinstance(p, int) and not isinstance(p, bool) for p in places)
    return len(places) == 2 and whole and 0 <= places[0] <= places[1] < n
