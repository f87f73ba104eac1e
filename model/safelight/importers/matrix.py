"""The JSON of Element's "Export chat": one room, a list of Matrix events.

Top-level keys: matrix-react-sdk's `JSONExport.ts`; events: the Matrix client-server
specification. The file names its owner by a display name; events name people by ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from safelight.importers.by_chat import Piece, Source, by_chat
from safelight.importers.fields import Doubts, first_words, key_paths, member, words
from safelight.importers.json_rows import chat_document
from safelight.importers.json_stream import JsonStream
from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Records,
    TextStream,
)

NAME = "matrix"
TITLE = "Element chat"

_MEDIA = {
    "m.image": "image",
    "m.video": "video",
    "m.audio": "voice",
    "m.file": "file",
    "m.location": "location",
}
_MESSAGE, _STICKER, _ENCRYPTED = "m.room.message", "m.sticker", "m.room.encrypted"
_BAD = "m.bad.encrypted"  # what stands for an event that Element could not decrypt
_CALL, _MEMBER = "m.call.invite", "m.room.member"
_SPELT_OUT = "org.matrix.msc1767.text"  # a poll and other events, in words
#: As clients quote what is answered; a line that a person typed behind ">" names nobody's id.
_QUOTE = re.compile(r"> (?:\* )?<@[^>\n]{1,255}>[^\n]*\n(?:>[^\n]*\n)*\n")
#: What a client writes for its person, in words that are nobody's.
_VERIFICATION = "m.key.verification.request"
_POLL_ENDS = ("m.poll.end", "org.matrix.msc3381.poll.end")
_MAX_PEOPLE = 10_000


def sniff(head: bytes) -> str | None:
    found = key_paths(head)
    if {"room_name", "exported_by", "messages"} <= found:
        return "room_name, exported_by"
    if {"messages[].origin_server_ts", "messages[].sender", "messages[].type"} <= found:
        return "origin_server_ts, sender, type"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield the one chat of a file in time order."""
    reader = _Reader(name)
    return by_chat(Source(name, stream, reader.pieces, reader.chat, reader.finished))


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._room = self._exporter = ""
        self._names: dict[str, str] = {}  # id of a person -> display name
        self._edits: set[str] = set()
        self._undecrypted = 0

    def chat(self, _: str) -> ImportedChat:
        """The room; its owner is known if the exporter's display name is one person's alone."""
        room = self._room or self._name.removesuffix(".json")
        ids = (*self._names,)[:1_000]
        people = tuple(self._names[each] or each for each in ids)
        return ImportedChat(room, self._owner() is not None, people, ids)

    def finished(self, message: ImportedMessage) -> ImportedMessage:
        """With the display name, and whose it is, as the whole file tells."""
        owner = self._owner()
        mine = None if owner is None else message.sender_id == owner
        name = self._names.get(message.sender_id or "") or message.sender
        return replace(message, sender=name, mine=mine)

    def _owner(self) -> str | None:
        if self._exporter in self._names:
            return self._exporter
        named = [user for user, name in self._names.items() if name == self._exporter]
        # Who chose no display name is called by the first part of the id.
        plain = [user for user in self._names
                 if self._exporter and user.startswith(f"@{self._exporter}:")
                 and not self._names[user]]  # fmt: skip
        found = named if self._exporter and named else plain
        return found[0] if len(found) == 1 else None

    def pieces(self, stream: TextStream) -> Iterator[Piece]:
        self._undecrypted = 0
        self._edits.clear()
        for found in chat_document(stream, self._name, self._about):
            if isinstance(found, ImportProblem):
                yield found
                continue
            line, event = found
            if event is None:
                yield self._name, None
            else:
                yield from self._event(event, line)
        if self._undecrypted:
            what = f"{self._undecrypted} could not be decrypted when the chat was exported"
            yield ImportProblem(self._name, None, what)

    def _about(self, key: str, json: JsonStream) -> None:
        if key == "room_name":
            self._room = words(json.value())
        elif key == "exported_by":
            self._exporter = words(json.value())
        else:
            json.skip()

    def _event(self, event: dict[str, Any], line: int) -> Iterator[Piece]:
        self._learn(event)
        edit = member(event, "unsigned", "m.relations", "m.replace")
        for each in (event, edit) if member(edit, "type") == _MESSAGE else (event,):
            doubts = Doubts()
            message = self._message({**each, "sender": event.get("sender")}, doubts)
            for what in doubts.found:
                yield ImportProblem(self._name, line, what)
            if message is not None:
                yield self._name, message

    def _learn(self, event: dict[str, Any]) -> None:
        if len(self._names) >= _MAX_PEOPLE:
            return
        self._names.setdefault(first_words(event.get("sender")) or "unknown", "")
        person = words(event.get("state_key"))
        if event.get("type") == _MEMBER and person:
            name = words(member(event, "content", "displayname"))
            self._names[person] = name or self._names.get(person, "")

    def _message(self, event: dict[str, Any], doubts: Doubts) -> ImportedMessage | None:
        kind, content = event.get("type"), event.get("content")
        content = content if isinstance(content, dict) else {}
        if kind == _ENCRYPTED or content.get("msgtype") == _BAD:
            if not _redacted(event):
                self._undecrypted += 1
                return None
        elif kind not in (_MESSAGE, _STICKER, _CALL) and not content.get(_SPELT_OUT):
            return None
        if _of_a_client(event, content) or not self._first(event, content):
            return None
        media, text = _said(event, content)
        sender = first_words(event.get("sender")) or "unknown"
        return ImportedMessage(
            sender=sender,
            text=doubts.cut(text),
            media=media,
            sent_at=doubts.moment_ms(event.get("origin_server_ts")),
            id=first_words(event.get("event_id")) or None,
            sender_id=sender,
        )

    def _first(self, event: dict[str, Any], content: dict[str, Any]) -> bool:
        """False for an edit that was seen already: it may stand in the list and in its original."""
        if member(content, "m.relates_to", "rel_type") != "m.replace":
            return True
        known = first_words(event.get("event_id"))
        new = known not in self._edits
        if known and len(self._edits) < _MAX_PEOPLE:
            self._edits.add(known)
        return new


def _of_a_client(event: dict[str, Any], content: dict[str, Any]) -> bool:
    return content.get("msgtype") == _VERIFICATION or event.get("type") in _POLL_ENDS


def _redacted(event: dict[str, Any]) -> bool:
    return member(event, "unsigned", "redacted_because") is not None or "redacted_because" in event


def _said(event: dict[str, Any], content: dict[str, Any]) -> tuple[str | None, str]:
    """The medium and the text of an event; of an edit, those that stand after it."""
    if _redacted(event):
        return "deleted", ""
    if event.get("type") == _STICKER:
        return "sticker", ""
    if event.get("type") == _CALL:
        return "call", ""
    new = content.get("m.new_content")
    content = new if isinstance(new, dict) else content
    media = _MEDIA.get(words(content.get("msgtype")))
    body = first_words(content.get("body"), content.get(_SPELT_OUT))
    if media is not None:
        # The body is the name of the file unless that is given beside it.
        name = words(content.get("filename"))
        return media, body if name and name != body else ""
    if member(content, "m.relates_to", "m.in_reply_to") is not None:
        quote = _QUOTE.match(body)
        body = body[quote.end() :] if quote else body
    return None, body
