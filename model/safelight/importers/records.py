"""What every importer yields: a chat header, its messages, and problems.

A stream of records is flat: an `ImportedChat` opens a chat, the messages that
follow belong to it until the next header. Problems may stand anywhere. No
representation of these types shows a word that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import TextIO, TypeAlias

#: The longest text of one message, in characters; WhatsApp's own maximum. See `clipped`.
MAX_TEXT = 65_536

#: The wall clock of an export has no zone; only gaps count, so it is read as UTC. An object of its
#: own: `sent_at.tzinfo is CLOCK_ZONE` tells a clock whose zone nobody knows from true UTC.
CLOCK_ZONE: tzinfo = timezone(timedelta(0), "unknown")


@dataclass(frozen=True)
class ImportedChat:
    """The start of one chat.

    `owner_known`: the file itself says who the person using the phone is, so that
    nobody has to be asked; messages then say so in `mine`. `people`: who the file says
    takes part, of whom some may not have written; empty where it does not say.
    `people_ids`: their ids in the same order; empty where the format has none. `title`: its
    name in the app, where the id is a number that nobody would know it by.
    """

    id: str = field(repr=False)
    owner_known: bool
    people: tuple[str, ...] = field(default=(), repr=False)
    people_ids: tuple[str, ...] = field(default=(), repr=False)
    title: str = field(default="", repr=False)

    @property
    def heading(self) -> str:
        """By what a person knows the chat: its title, with the id, or the id alone."""
        return f"{self.title} ({self.id})" if self.title not in ("", self.id) else self.id


@dataclass(frozen=True, slots=True)
class ImportedMessage:
    """One message in the order of the file.

    `sender` is the name shown, `sender_id` the format's own id of that person.
    `mine` is None where the file does not say. `sent_at` is aware, or None if
    unknown; `offset_s` (seconds since the first message, >= 0) is set instead
    of a date where the file counts seconds only, with `sent_at` anchored at 1970.
    `media` is one of `taxonomy.MEDIA`; `text` is then the caption or empty, and
    `file_name` the name of the file, where the export gives one.
    """

    sender: str = field(repr=False)
    text: str = field(default="", repr=False)
    media: str | None = None
    sent_at: datetime | None = None
    id: str | None = None
    sender_id: str | None = field(default=None, repr=False)
    mine: bool | None = None
    offset_s: float | None = None
    file_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ImportProblem:
    """Something that could not be read: where and what, never the text itself.

    `refused` counts conversations that were given up because of it (0 or 1).
    """

    file: str
    line: int | None
    what: str
    refused: int = 0


Record: TypeAlias = ImportedChat | ImportedMessage | ImportProblem
Records: TypeAlias = Iterator[Record]
TextStream: TypeAlias = TextIO


def clipped(text: str) -> str:
    """At most `MAX_TEXT` characters: the start and the end of a longer text.

    What is cut is the middle, as in the runtime, so that padding puts no words out of sight.
    """
    half = MAX_TEXT // 2
    return text if len(text) <= MAX_TEXT else text[:half] + text[-half:]


def well_formed(text: str) -> str:
    """Replace half surrogates, which JSON can spell and UTF-8 cannot."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
