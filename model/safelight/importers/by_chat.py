"""Messages of many chats, mixed in one file, as one chat after the other, each in time order.

Memory is bounded. What fits is held and sorted. Of a file that does not fit, the
first pass only counts how much each day of each chat holds; further passes then
take as many days as fit. A pipe cannot be read again: there the chats come in
parts, and a problem says so. Nothing is lost either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TypeAlias

from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Records,
    TextStream,
)

#: So much is held at once, in characters; a message counts a little more than its text.
HELD = 4 * 1024 * 1024
_OVERHEAD = 512

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

#: A message of a chat (None only says that the chat exists), or a problem.
Piece: TypeAlias = tuple[str, ImportedMessage | None] | ImportProblem
_Day: TypeAlias = tuple[str, int]


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


def by_chat(source: Source, limit: int = HELD) -> Records:
    """Yield the records of a source, sorted. limit: how much may be held."""
    survey, held = _Clock(), _Held(source)
    again, parts = False, False
    for piece in source.pieces(source.stream):
        if isinstance(piece, ImportProblem):
            yield piece
            continue
        moment = survey.count(*piece)
        if again:
            continue
        held.add(moment, *piece)
        if held.size > limit and source.stream.seekable():
            again = True
            held.clear()
        elif held.size > limit:
            if not parts:
                what = "more than a pipe can hold: chats come in parts; give a file instead"
                yield ImportProblem(source.name, None, what)
            parts = True
            yield from held.records()
            held.clear()
    if not again:
        yield from held.records()
        return
    begun: set[str] = set()
    for days in _plan(survey.sizes, limit):
        yield from _pass(source, days, begun, survey, limit)


@dataclass
class _Clock:
    """When messages count as said, and how much each day of each chat holds."""

    sizes: dict[str, dict[int, int]] = field(default_factory=dict)
    _last: dict[str, datetime] = field(default_factory=dict)

    def count(self, chat: str, message: ImportedMessage | None) -> datetime:
        """The time by which to sort: one that is unknown is that of the message before."""
        days = self.sizes.setdefault(chat, {})
        if message is None:
            return _EPOCH
        moment = message.sent_at or self._last.get(chat, _EPOCH)
        self._last[chat] = moment
        day = moment.toordinal()
        days[day] = days.get(day, 0) + _size(message)
        return moment


@dataclass
class _Held:
    """Messages in memory, by chat."""

    source: Source
    size: int = 0
    _chats: dict[str, list[tuple[datetime, int, ImportedMessage]]] = field(default_factory=dict)
    _count: int = 0

    def add(self, moment: datetime, chat: str, message: ImportedMessage | None) -> None:
        rows = self._chats.setdefault(chat, [])
        if message is not None:
            # Of messages of the same moment the one that came first in the chat stays first.
            self._count += -1 if self.source.newest_first else 1
            rows.append((moment, self._count, message))
            self.size += _size(message)

    def clear(self) -> None:
        self._chats.clear()
        self.size = 0

    def records(self, begun: set[str] | None = None) -> Records:
        """Chat by chat. begun: chats whose start was told before, to which more are added."""
        for chat, rows in self._chats.items():
            if begun is None or chat not in begun:
                yield self.source.chat(chat)
            if begun is not None:
                begun.add(chat)
            rows.sort(key=lambda row: row[:2])
            yield from (self.source.finish(message) for _, _, message in rows)


def _plan(sizes: dict[str, dict[int, int]], limit: int) -> Iterator[set[_Day]]:
    """Sets of days that fit, chat by chat; a chat without messages has the day 0."""
    batch: set[_Day] = set()
    held = 0
    for chat, days in sizes.items():
        for day, size in sorted(days.items()) or [(0, 0)]:
            if batch and held + size > limit:
                yield batch
                batch, held = set(), 0
            batch.add((chat, day))
            held += size
    yield batch


def _pass(source: Source, days: set[_Day], begun: set[str], survey: _Clock, limit: int) -> Records:
    """Read the file again for some days; one day that does not fit comes as it stands there."""
    held, clock = _Held(source), _Clock()
    wanted = {chat for chat, _ in days}
    for chat in survey.sizes:
        if chat in wanted:
            held.add(_EPOCH, chat, None)
    too_much = sum(survey.sizes[chat].get(day, 0) for chat, day in days) > limit
    if too_much:
        yield from held.records(begun)
    source.stream.seek(0)
    for piece in source.pieces(source.stream):
        if isinstance(piece, ImportProblem):
            continue
        chat, message = piece
        if message is None:
            continue
        moment = clock.count(chat, message)
        if (chat, moment.toordinal()) not in days:
            continue
        if too_much:
            yield source.finish(message)
        else:
            held.add(moment, chat, message)
    if not too_much:
        yield from held.records(begun)


def _size(message: ImportedMessage) -> int:
    return len(message.text) + _OVERHEAD
