"""Instagram's and Messenger's `message_1.json`, and Messenger's export of encrypted chats.

The first kind holds the newest message first, and each text as the bytes of its UTF-8
spelt as characters ("Ã©" for "é"). The second (`senderName`, `text`, `timestamp`) does
neither. A long chat comes in several files; `parts` puts them one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from safelight.importers.by_chat import Piece, Source, by_chat
from safelight.importers.fields import Doubts, first_words, key_paths, member, objects, words
from safelight.importers.json_rows import chat_pieces
from safelight.importers.json_stream import JsonStream
from safelight.importers.media import kind_of_file
from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    Records,
    TextStream,
)

NAME = "meta"
TITLE = "Instagram or Messenger messages"

_MEDIA_KEYS = {
    "photos": "image",
    "videos": "video",
    "audio_files": "voice",
    "gifs": "image",
    "sticker": "sticker",
    "files": "file",
}
_EVENTS = ("Subscribe", "Unsubscribe")
_CALL = re.compile(r"started an? (?:audio|video) (?:call|chat)\.?")
_MISSED = re.compile(r"You missed an? (?:audio|video) (?:call|chat)\.?")
_PEOPLE = 1_000
_NUMBERED = re.compile(r"(?:_[0-9]+)?\.json\Z")


def sniff(head: bytes) -> str | None:
    found = key_paths(head)
    if {"participants[].name", "messages"} <= found and found & {
        "messages[].timestamp_ms", "thread_path", "is_still_participant"
    }:  # fmt: skip
        return "participants, timestamp_ms"
    if {"messages[].sender_name", "messages[].timestamp_ms"} <= found:
        return "sender_name, timestamp_ms"
    if {"participants", "threadName"} <= found:
        return "participants, threadName"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield the one chat of a file in time order. The file does not say whose it is."""
    reader = _Reader(name)
    return by_chat(Source(name, stream, reader.pieces, reader.chat, newest_first=True))


def repaired(text: str) -> str:
    """Read characters as the bytes they stand for, if all of them together are UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._people: list[str] = []
        self._label = ""

    def chat(self, _: str) -> ImportedChat:
        """The chat as its file describes it."""
        label = self._label or _NUMBERED.sub("", self._name)
        return ImportedChat(label, owner_known=False, people=tuple(self._people))

    def pieces(self, stream: TextStream) -> Iterator[Piece]:
        return chat_pieces(stream, self._name, self._about, _row)

    def _about(self, key: str, json: JsonStream) -> None:
        if key == "participants":
            people = json.value()
            rows = people if isinstance(people, list) else []
            names = (repaired(first_words(member(each, "name"))) or words(each) for each in rows)
            self._people = [name for name in names if name][:_PEOPLE]
        elif key in ("thread_path", "title", "threadName"):
            value = words(json.value())
            value = value.rpartition("/")[2] if key == "thread_path" else repaired(value)
            # The path tells chats with the same title apart.
            if value and (key == "thread_path" or not self._label):
                self._label = value
        else:
            json.skip()


def _row(row: dict[str, Any], doubts: Doubts) -> ImportedMessage | None:
    return _encrypted(row, doubts) if "senderName" in row else _message(row, doubts)


def _message(row: dict[str, Any], doubts: Doubts) -> ImportedMessage | None:
    if row.get("type") in _EVENTS:
        return None
    text = repaired(words(row.get("content")))
    link = repaired(words(member(row, "share", "link")))
    if link and link not in text:
        text = f"{text}\n{link}".lstrip()
    media = next((kind for key, kind in _MEDIA_KEYS.items() if row.get(key)), None)
    if row.get("call_duration") is not None or row.get("type") == "Call":
        media = "call"
    if media is None and row.get("missed") is True:
        media = "call"  # nobody can type that key
    if media is None and _starts_call(text, repaired(words(row.get("sender_name")))):
        media = "call"
    if row.get("is_taken_down") is True:
        media = "deleted"
    return _made(row, "sender_name", "timestamp_ms", "is_unsent", text, media, doubts)


def _starts_call(text: str, sender: str) -> bool:
    """True for the whole line by which a call begins.

    It can also be typed, so that it stays in its place as a call of its sender. Meta's other lines
    about a chat (reactions, nicknames, themes) carry no mark but their words: they stay messages.
    """
    who = next((who for who in (sender, "You") if text.startswith(f"{who} ")), "")
    return bool(who) and _CALL.fullmatch(text, len(who) + 1) is not None


def _encrypted(row: dict[str, Any], doubts: Doubts) -> ImportedMessage | None:
    files = [words(each.get("uri")) for each in objects(row.get("media"))]
    media = kind_of_file(files[0]) if files else None
    text = words(row.get("text"))
    # Nobody can type a row of this type.
    if media is None and row.get("type") == "placeholder":
        if not text and row.get("isUnsent") is not True:
            return None
        media = "call" if _MISSED.fullmatch(text) else None
    return _made(row, "senderName", "timestamp", "isUnsent", text, media, doubts)


def _made(
    row: dict[str, Any],
    sender: str,
    time: str,
    unsent: str,
    text: str,
    media: str | None,
    doubts: Doubts,
) -> ImportedMessage:
    if row.get(unsent) is True:
        media = "deleted"
    name = words(row.get(sender))
    if not name:
        doubts.found.append("a message has no sender")
    return ImportedMessage(
        sender=(repaired(name) if sender == "sender_name" else name) or "unknown",
        text="" if media in ("call", "deleted") else doubts.cut(text),
        media=media,
        sent_at=doubts.moment_ms(row.get(time)),
    )
