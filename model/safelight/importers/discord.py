"""Discord, as DiscordChatExporter writes it in JSON: one channel or direct message a file.

Keys: DiscordChatExporter's `JsonMessageWriter.cs`. Its other forms (text, CSV, HTML) are known
only so that they are refused by a line that says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from safelight.importers.by_chat import Piece, Source, by_chat
from safelight.importers.fields import Doubts, first_words, key_paths, member, objects, words
from safelight.importers.json_rows import chat_pieces
from safelight.importers.json_stream import JsonStream
from safelight.importers.media import kind_of_file
from safelight.importers.records import (
    CLOCK_ZONE,
    MAX_TEXT,
    ImportedChat,
    ImportedMessage,
    Records,
    TextStream,
)

NAME = "discord"
TITLE = "Discord channel"

_MARKS = {"dateRange", "exportedAt", "messages[].author.isBot"}
_OTHER_FORM = re.compile(
    rb"={10,}\r?\n(?:Guild|Server): |\"?AuthorID\"?,\"?Author\"?,\"?Date\"?,\"?Content\"?,"
    rb"|<!DOCTYPE html\b[^\0]*\bchatlog(?:__|\b)",
    re.IGNORECASE,
)
#: What Discord alone writes. The new name of a channel is what a person wrote, so it is kept.
_EVENTS = {
    "RecipientAdd", "RecipientRemove", "ChannelIconChange", "ChannelPinnedMessage",
    "GuildMemberJoin",
}  # fmt: skip
#: What it says of a thread whose name it does not tell.
_THREAD = ("ThreadCreated", "Started a thread.")
_OTHERWISE = "not the JSON of DiscordChatExporter: export the chat again, as JSON"
_FRACTION = re.compile(r"\.([0-9]+)")


def sniff(head: bytes) -> str | None:
    if _OTHER_FORM.match(head.lstrip()):
        return "text, CSV or HTML of DiscordChatExporter"
    found = key_paths(head)
    if {"guild", "channel"} <= found and found & _MARKS:
        return "guild, channel of DiscordChatExporter"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield the one chat of a file in time order. The file does not say whose it is."""
    reader = _Reader(name)
    return by_chat(Source(name, stream, reader.pieces, reader.chat))


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._label = ""

    def chat(self, _: str) -> ImportedChat:
        """The channel by its id: many channels have the same name."""
        return ImportedChat(self._label or self._name.removesuffix(".json"), owner_known=False)

    def pieces(self, stream: TextStream) -> Iterator[Piece]:
        return chat_pieces(stream, self._name, self._about, _message, _OTHERWISE)

    def _about(self, key: str, json: JsonStream) -> None:
        if key == "channel":
            channel = json.value()
            self._label = first_words(member(channel, "id"), member(channel, "name"))
        else:
            json.skip()


def _message(row: dict[str, Any], doubts: Doubts) -> ImportedMessage | None:
    kind = words(row.get("type"))
    # A kind that the exporter has no name for is a number: a boost, the end of a poll.
    empty = kind.isdecimal() and not _text(row) and _media(row) == (None, None)
    if kind in _EVENTS or empty or (kind, words(row.get("content"))) == _THREAD:
        return None
    author = row.get("author")
    person = first_words(member(author, "id")) or None
    sender = first_words(member(author, "nickname"), member(author, "name"), person)
    if not sender:
        doubts.found.append("a message has no sender")
    call = kind == "Call"
    media, file_name = ("call", None) if call else _media(row)
    return ImportedMessage(
        sender=sender or "unknown",
        text="" if call else doubts.cut(_text(row)),
        media=media,
        sent_at=_moment(row.get("timestamp"), doubts),
        id=first_words(row.get("id")) or None,
        sender_id=person,
        file_name=file_name,
    )


def _text(row: dict[str, Any]) -> str:
    """What was written and forwarded; where nothing was, what stands in a bot's cards."""
    said = [words(row.get("content")), words(member(row, "forwardedMessage", "content"))]
    cards = [words(embed.get(key)) for embed in objects(row.get("embeds"))
             for key in ("title", "description")]  # fmt: skip
    return "\n".join(filter(None, said if any(said) else cards))


def _media(row: dict[str, Any]) -> tuple[str | None, str | None]:
    """The kind of the first attachment or sticker, and the name of the file."""
    for holder in (row, row.get("forwardedMessage")):
        for file in objects(member(holder, "attachments")):
            name = words(file.get("fileName"))[:MAX_TEXT]
            kind = kind_of_file(name)  # stickers stand in a list of their own
            return "image" if kind == "sticker" else kind, name or None
        if objects(member(holder, "stickers")):
            return "sticker", None
    return None, None


def _moment(value: Any, doubts: Doubts) -> datetime | None:
    """A time with as many digits of a second as there are; one that does not exist is noted."""
    spelt = words(value).replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(lambda m: f".{m[1][:6]:0<6}", spelt))
        return moment if moment.tzinfo else moment.replace(tzinfo=CLOCK_ZONE)
    except ValueError:
        if value is not None:
            doubts.found.append("the date of a message does not exist")
        return None
