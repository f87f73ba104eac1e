"""Messages of Signal Desktop: rows of its table, and the lines of signal-export's data.json.

A row has the columns conversationId, type, body, sent_at, sourceServiceId; what else
it says stands in the column `json`, as text, or beside them. signal-export (facts: its
`models.py` and `create.py`) writes one chat a file and calls the owner "Me".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from safelight.importers.by_chat import Piece
from safelight.importers.fields import Doubts, first_words, member, objects, poll, words
from safelight.importers.media import kind_of_file, kind_of_type
from safelight.importers.records import CLOCK_ZONE, ImportedMessage, ImportProblem

_ROW = ("conversationId", "type")
_EXPORTED = ("date", "sender", "body")
_OWNER = "Me"
_DATA = "data"  # the name of every file, without its ending
_CALL = "call-history"
#: What signal-export puts for a call where it has no key for that.
_CALL_LINE = re.compile(
    r"(?:Incoming|Outgoing|Missed) (?:(?:voice|video|audio|group|adhoc) )?call"
    r"(?: \((?:[a-z_]+(?: by recipient)?)(?:, (?:[0-9]+m )?[0-9]+s)?\))?"
)
_OUTGOING, _INCOMING = "outgoing", "incoming"


class Desktop:
    """Reads rows one by one."""

    def __init__(self, file: str) -> None:
        self._file = file

    def knows(self, row: dict[str, Any]) -> bool:
        """Whether an object is a message of either shape."""
        return all(key in row for key in _ROW) or all(key in row for key in _EXPORTED)

    def pieces(self, row: dict[str, Any], line: int) -> Iterator[Piece]:
        """The messages that one object stands for: none for events, several where it was edited."""
        doubts = Doubts()
        if "conversationId" in row:
            chat = first_words(row["conversationId"]) or "unknown"
            found = list(_from_row({**_inner(row.get("json")), **row}, chat, doubts))
        else:
            chat = self._file.removesuffix(".json").removesuffix(f"/{_DATA}")
            found = list(_from_export(row, doubts))
        for what in doubts.found:
            yield ImportProblem(self._file, line, what)
        yield from ((chat, message) for message in found)
        if not found:
            yield chat, None


def _inner(value: Any) -> dict[str, Any]:
    """The column `json`, which holds an object as text."""
    if not isinstance(value, str):
        return {}
    try:
        inner = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return inner if isinstance(inner, dict) else {}


def _from_row(row: dict[str, Any], chat: str, doubts: Doubts) -> Iterator[ImportedMessage]:
    kind = row.get("type")
    call = next((c for key in ("callHistoryDetails", "call_history")
                 if isinstance(c := row.get(key), dict)), {})  # fmt: skip
    if kind == _CALL:
        mine = call.get("direction") == "Outgoing" or call.get("wasIncoming") is False
    elif kind in (_OUTGOING, _INCOMING):
        mine = kind == _OUTGOING
    else:
        return
    media = "call" if kind == _CALL else _media(row)
    # What may be seen once is erased when it was seen; that it was sent remains.
    erased = _marked(row, "isErased") and not _marked(row, "isViewOnce")
    if _marked(row, "deletedForEveryone") or erased:
        media = "deleted"
    body = first_words(row.get("body"), _poll(row.get("poll")))
    said = [(body, _sent(row), media)]
    edits = objects(row.get("editHistory"))
    if edits and media != "deleted":
        # Newest first; the first of them is the row itself.
        older = [(words(edit.get("body")), _sent(edit), None) for edit in edits[:0:-1]]
        said = [*older, (body, _sent(edits[0]) or _sent(row), media)]
    source = first_words(row.get("sourceServiceId"), row.get("sourceUuid"), row.get("source"), chat)
    name = first_words(row.get("sourceName"), row.get("profileName"), source)
    for spelt, stamp, medium in said:
        sent_at = doubts.moment_ms(stamp)
        yield ImportedMessage(
            sender="me" if mine else name,
            text="" if medium in ("deleted", "call") else doubts.cut(spelt),
            media=medium,
            sent_at=sent_at,
            id=first_words(row.get("id")) or None,
            sender_id=None if mine else source,
            mine=mine,
        )


def _sent(row: dict[str, Any]) -> Any:
    return next((row[key] for key in ("sent_at", "timestamp", "received_at") if row.get(key)), None)


def _poll(found: Any) -> str:
    options = member(found, "options")
    answers = map(words, options if isinstance(options, list) else [])
    return poll(words(member(found, "question")), answers)


def _marked(row: dict[str, Any], key: str) -> bool:
    return row.get(key) in (True, 1)


def _media(row: dict[str, Any]) -> str | None:
    if member(row, "sticker", "packId") is not None:
        return "sticker"
    types = [words(each.get("contentType")) for each in objects(row.get("attachments"))]
    if types:
        return kind_of_type(types[0])
    # Since Desktop 7.58 files have a table of their own, and a row only says that there are some.
    if _marked(row, "isViewOnce") or _marked(row, "hasVisualMediaAttachments"):
        return "image"
    if _marked(row, "hasFileAttachments") or _marked(row, "hasAttachments"):
        return "file"
    return "contact" if objects(row.get("contact")) else None


def _from_export(row: dict[str, Any], doubts: Doubts) -> Iterator[ImportedMessage]:
    media, text = _said(row)
    if media is None and not (text or words(row.get("quote")).strip()):
        return  # an event: the name of a group, a timer
    sender = first_words(row.get("sender")) or "unknown"
    yield ImportedMessage(
        sender="me" if sender == _OWNER else sender,
        text=doubts.cut(text),
        media=media,
        sent_at=_date(row.get("date"), doubts),
        sender_id=None if sender == _OWNER else sender,
        mine=sender == _OWNER,
    )


def _said(row: dict[str, Any]) -> tuple[str | None, str]:
    """The medium and the text of a line of signal-export."""
    text = words(row.get("body")).rstrip(" ")
    files = [first_words(each.get("name"), each.get("path"))
             for each in objects(row.get("attachments"))]  # fmt: skip
    if row.get("deleted") is True:
        return "deleted", ""
    if row.get("call") is True:
        return "call", ""
    if row.get("sticker"):
        return "sticker", text
    if files:
        # A .webp here is a picture; stickers have a field of their own.
        return "image" if kind_of_file(files[0]) == "sticker" else kind_of_file(files[0]), text
    if "call" not in row and _CALL_LINE.fullmatch(text):
        return "call", ""
    return None, text


def _date(value: Any, doubts: Doubts) -> datetime | None:
    """An ISO time; without a zone it is the clock of the machine that exported, read as UTC."""
    try:
        moment = datetime.fromisoformat(words(value).replace("Z", "+00:00"))
        zone = moment if moment.tzinfo else moment.replace(tzinfo=CLOCK_ZONE)
        return zone.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        doubts.found.append("the date of a message does not exist")
        return None
