"""JSON lines: one conversation a line, as `formats.md` describes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from safelight.importers.records import (
    CLOCK_ZONE,
    MAX_TEXT,
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Records,
    TextStream,
    clipped,
    well_formed,
)
from safelight.importers.source import capped_lines
from safelight.taxonomy import MEDIA

NAME = "jsonl"
TITLE = "JSON lines"

#: The longest line read, in characters: about 50,000 short messages.
MAX_LINE = 8 * 1024 * 1024

#: Offsets are seconds; anything above 100 years is a mistake.
_MAX_OFFSET_S = 100 * 365 * 86_400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=CLOCK_ZONE)
_KEYS = re.compile(rb'"(?:messages|sender)"\s*:')


class Refused(ValueError):
    """Why a line is refused: a fixed phrase that holds nothing of the line."""


def sniff(head: bytes) -> str | None:
    first = head.lstrip().split(b"\n", 1)[0].strip()
    if first.startswith(b"{") and _KEYS.search(first):
        return "the first line is a JSON object with messages"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield the conversations of a stream; a line that cannot be read is refused as a whole."""
    for number, line, cut in capped_lines(stream, MAX_LINE):
        if not line.strip():
            continue
        if cut:
            what = f"the line is longer than {MAX_LINE:,} characters"
            yield ImportProblem(name, number, what, refused=1)
            continue
        try:
            chat, messages, shortened = _conversation(line, number)
        except Refused as error:
            yield ImportProblem(name, number, str(error), refused=1)
            continue
        yield chat
        yield from messages
        if shortened:
            yield ImportProblem(name, number, f"a message was cut at {MAX_TEXT:,} characters")


def parse_object(line: str) -> dict[str, Any]:
    """Decode one line. Raises `Refused` unless it is a JSON object."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        raise Refused("not valid JSON") from None
    except (RecursionError, ValueError):
        raise Refused("JSON nested too deep or with too large a number") from None
    if not isinstance(value, dict):
        raise Refused("not a JSON object")
    return value


def parse_message(row: Any, where: str = "") -> ImportedMessage:
    """The fields that a message has in every JSON form, without its time. Raises `Refused`."""
    if not isinstance(row, dict):
        raise Refused(where + "not a JSON object")
    sender, text = row.get("sender"), row.get("text") or ""
    if not isinstance(sender, str) or not sender:
        raise Refused(where + "no sender")
    if not isinstance(text, str):
        raise Refused(where + "the text is not a text")
    media, message_id = row.get("media"), row.get("id")
    if media is not None and media not in MEDIA:
        raise Refused(where + "an unknown kind of media")
    if message_id is not None and not isinstance(message_id, str | int):
        raise Refused(where + "the id is neither a text nor a number")
    return ImportedMessage(
        sender=well_formed(sender),
        text=well_formed(text),
        media=media,
        id=None if message_id in (None, "") else well_formed(str(message_id)),
        mine=sender == "self" or None,
    )


def _conversation(line: str, number: int) -> tuple[ImportedChat, list[ImportedMessage], bool]:
    value = parse_object(line)
    rows = value.get("messages")
    if not isinstance(rows, list):
        hint = " (one message a line is for `safelight watch`)" if "sender" in value else ""
        raise Refused("no list of messages" + hint)
    name = value.get("id", f"line-{number}")
    if not isinstance(name, str | int):
        raise Refused("the id is neither a text nor a number")
    messages, last = [], 0.0
    for index, row in enumerate(rows, start=1):
        where = f"message {index}: "
        message = parse_message(row, where)
        message = replace(message, text=clipped(message.text))
        offset = _offset(row.get("offset_s"), where, last)
        if offset is not None:
            last = offset
            moment = _EPOCH + timedelta(seconds=offset)
            message = replace(message, sent_at=moment, offset_s=offset)
        messages.append(message)
    shortened = any(len(row.get("text") or "") > MAX_TEXT for row in rows)
    return ImportedChat(well_formed(str(name)), owner_known=True), messages, shortened


def _offset(value: Any, where: str, earliest: float) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(where + "offset_s is not a number")
    if not earliest <= value <= _MAX_OFFSET_S:
        raise Refused(where + "offset_s goes back in time or is out of range")
    return float(value)
