"""Messages of many chats, mixed in one file, as one chat after the other, each in time order.

Memory is bounded. What fits is held and sorted. Of a file that does not fit, each pass keeps the
earliest messages that were not told yet; it is read until all were. A pipe cannot be read again:
there the chats come in parts, and a problem says so. Nothing is lost either way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import groupby
from typing import NamedTuple, TypeAlias

from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Records,
    TextStream,
)

#: So much is held at once, in bytes: some 45,000 short messages.
HELD = 24 * 1024 * 1024
#: What a message takes beside its text, in bytes, as measured with an id and two names of its own.
_OVERHEAD = 480
#: Of what does not fit, so much is let go at a time; less would mean sorting more often.
_LET_GO = 1 / 8

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

#: A message of a chat (None only says that the chat exists), or a problem.
Piece: TypeAlias = tuple[str, ImportedMessage | None] | ImportProblem


@dataclass(frozen=True)
class Source:
    """How one export is read.

    `pieces` reads the stream from where it stands. `chat` and `finish` are asked when a
    pass is over (in a pipe that does not fit: when a part is), so that they may tell what
    was learned from the whole file.
    """

    name: str
    stream: TextStream
    pieces: Callable[[TextStream], Iterator[Piece]]
    chat: Callable[[str], ImportedChat]
    finish: Callable[[ImportedMessage], ImportedMessage] = lambda message: message
    newest_first: bool = False


class _Row(NamedTuple):
    """A message and its place: the chat's number, its time, the order in which it was read."""

    chat: int
    moment: datetime
    number: int
    message: ImportedMessage

    @property
    def place(self) -> tuple[int, datetime, int]:
        return self[:3]


def by_chat(source: Source, limit: int | None = None) -> Records:
    """Yield the records of a source, sorted. limit: how much may be held, in bytes."""
    held = _Held(source, HELD if limit is None else limit)
    in_parts = False
    for piece in source.pieces(source.stream):
        if isinstance(piece, ImportProblem):
            yield piece
            continue
        held.add(*piece)
        if held.is_full and source.stream.seekable():
            held.let_go()
        elif held.is_full:
            if not in_parts:
                what = "more than a pipe can hold: chats come in parts; give a file instead"
                yield ImportProblem(source.name, None, what)
            in_parts = True
            yield from held.part()
    if in_parts:
        yield from held.part()
        return
    yield from held.records()
    while held.more:
        held.begin_again()
        source.stream.seek(0)
        for piece in source.pieces(source.stream):
            if not isinstance(piece, ImportProblem):
                held.add(*piece)
            if held.is_full:
                held.let_go()
        yield from held.records()
    yield from held.announced()


@dataclass
class _Held:
    """Messages in memory: of those that come after the last one told, the earliest."""

    source: Source
    limit: int
    more: bool = False
    _size: int = 0
    _count: int = 0
    _rows: list[_Row] = field(default_factory=list)
    _chats: dict[str, int] = field(default_factory=dict)
    _last: dict[str, datetime] = field(default_factory=dict)
    _told: tuple[int, datetime, int] | None = None
    _before: tuple[int, datetime, int] | None = None  # rows from here on were let go
    _announced: int = 0

    def add(self, chat: str, message: ImportedMessage | None) -> None:
        """Keep a message, unless it was told or comes after one that was let go."""
        number = self._chats.setdefault(chat, len(self._chats))
        if message is None:
            return
        # One that has no time counts as said when the one before it was.
        moment = message.sent_at or self._last.get(chat, _EPOCH)
        self._last[chat] = moment
        # Of messages of the same moment the one that came first in the chat stays first.
        self._count += -1 if self.source.newest_first else 1
        row = _Row(number, moment, self._count, message)
        if self._told is not None and row.place <= self._told:
            return
        if self._before is not None and row.place >= self._before:
            return
        self._rows.append(row)
        self._size += _size(message)

    @property
    def is_full(self) -> bool:
        return self._size > self.limit

    def let_go(self) -> None:
        """Drop the last ones, which a later pass brings again; at least one stays."""
        self._rows.sort()
        while self._size > self.limit * (1 - _LET_GO) and len(self._rows) > 1:
            last = self._rows.pop()
            self.more = True
            self._before = last.place
            self._size -= _size(last.message)

    def begin_again(self) -> None:
        """Before a further pass over the same file."""
        self.more, self._before, self._count = False, None, 0
        self._last.clear()

    def records(self) -> Records:
        """What is held, chat by chat, each announced before its first message."""
        self._rows.sort()
        for row in self._rows:
            yield from self.announced(row.chat + 1)
            yield self.source.finish(row.message)
        if self._rows:
            self._told = self._rows[-1].place
        self._rows.clear()
        self._size = 0

    def announced(self, until: int | None = None) -> Records:
        """The chats that were not announced yet, up to this number of them."""
        for chat in list(self._chats)[self._announced : until]:
            self._announced += 1
            yield self.source.chat(chat)

    def part(self) -> Records:
        """What is held, as a part of a pipe: its chats are announced in each part."""
        self._rows.sort()
        rows = {chat: list(some) for chat, some in groupby(self._rows, lambda row: row.chat)}
        for chat, number in self._chats.items():
            if number in rows or number >= self._announced:
                yield self.source.chat(chat)
                yield from (self.source.finish(row.message) for row in rows.get(number, ()))
        self._announced = len(self._chats)
        self._rows.clear()
        self._size = 0


def _size(message: ImportedMessage) -> int:
    return sys.getsizeof(message.text) + _OVERHEAD
