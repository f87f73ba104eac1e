"""LINE's text export, from phones and computers, in seven languages.

A line with a day, then lines of clock, name and text: parted by tabs (phones) or spaces
(computers). A message of several lines stands in quotes on phones. The order of day and month,
and names with spaces, need evidence from the whole file: a regular file is read twice, of a
pipe the first `LOOK_AHEAD` lines decide.

Whose line it is, is never decided by what it says: a line with a clock and a name starts a
message even between quotes, unless it goes back in time, as a text that was pasted does (between
spaces also a plan: "10:30 lunch").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from safelight.importers.line_dates import Day, Orders, Start, moment, parse_day, parse_start
from safelight.importers.line_names import SpacedNames
from safelight.importers.line_words import event_by, file_name, is_event, split_media, unsent_by
from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Record,
    Records,
    TextStream,
)
from safelight.importers.source import capped_lines, chat_name
from safelight.importers.text_lines import MAX_LINE, Draft, Line, look_ahead

NAME = "line"
TITLE = "LINE text export"

_MAX_PEOPLE = 1_000

_HEADER = "[LINE]"
_HEADER_LINES = 2  # the title, and when the chat was saved
_SAVED = re.compile(r"(?:Saved on|保存日時)\s?[:\uff1a]\s?.{0,20}\d.{0,20}")
# Some versions leave the mark in front out.
_TITLES = (
    re.compile(r"(?:\[LINE\] ?)?(?:Chat history (?:with|in)|Chat with) (.{1,100})"),
    re.compile(r"(?:\[LINE\] ?)?(.{1,100}?)(?:との?|の)トーク(?:履歴)?"),
    re.compile(r"\[LINE\] ?(.{1,100})"),
)


def sniff(head: bytes) -> str | None:
    lines = head.decode("utf-8", errors="replace").split("\n", 50)[:50]
    first, *rest = [line.rstrip("\r") for line in lines if line.strip()] or [""]
    if first.startswith(_HEADER):
        return "the first line is LINE's title"
    if _starts_with_a_day([first, *rest]):
        return "a day with its weekday, then lines that start with a clock"
    if rest and _SAVED.fullmatch(rest[0].strip()) and _starts_with_a_day(rest[1:]):
        return "a title, when it was saved, then a day with its weekday"
    return None


def _starts_with_a_day(lines: list[str]) -> bool:
    """True if the first line holds a day, and the second may start a message."""
    found = len(lines) > 1 and parse_day(lines[0]) is not None
    return found and parse_start(lines[1]) is not None


def read(stream: TextStream, name: str) -> Records:
    """Yield the one chat of an export; its id is the name of the file without `.txt`."""
    lines: Iterator[Line] = capped_lines(stream, MAX_LINE)
    if stream.seekable():
        survey = _Survey.of(lines, name)
        stream.seek(0)
        return _Reader(name, survey).records(capped_lines(stream, MAX_LINE))
    ahead = list(look_ahead(lines))
    return _Reader(name, _Survey.of(ahead, name)).records(chain(ahead, lines))


def _with_next(lines: Iterable[Line]) -> Iterator[tuple[Line, str | None]]:
    """Each line with the text of the one behind it; None at the end."""
    before: Line | None = None
    for line in lines:
        if before is not None:
            yield before, line[1]
        before = line
    if before is not None:
        yield before, None


def _titles(*texts: str) -> tuple[str, ...]:
    """Names that titles of the chat give, the longest first."""
    found = {match[1].strip() for text in texts for title in _TITLES
             if (match := title.fullmatch(text.strip()))}  # fmt: skip
    return (*sorted(found, key=len, reverse=True),)


@dataclass
class _Survey:
    """What the first pass learns: what parts the columns, the order of days, the names."""

    headed: bool = False
    separator: str | None = None
    orders: Orders = field(default_factory=Orders)
    names: SpacedNames = field(default_factory=SpacedNames)

    @classmethod
    def of(cls, lines: Iterable[Line], name: str) -> _Survey:
        survey = cls()
        day: Day | None = None
        for number, line, _ in lines:
            if number == 1:
                survey.headed = line.startswith(_HEADER)
                survey.names.known = _titles(line, chat_name(name))
            elif number == _HEADER_LINES:
                survey.headed |= _SAVED.fullmatch(line.strip()) is not None
            start = parse_start(line)
            if start is not None and day is not None:
                survey.orders.add(day)
                survey.separator = survey.separator or start.separator
            if start is not None and start.separator == " " and not _of_line(start.rest.strip()):
                survey.names.add(start.rest)
            day = parse_day(line)
        survey.names.decide()
        return survey


def _of_line(words: str) -> bool:
    """Whether LINE itself wrote this: it tells nothing of where a name ends."""
    return unsent_by(words) is not None or is_event(words)


class _Said(NamedTuple):
    sender: str
    text: str
    media: str | None = None


#: LINE's own line, on which nobody says anything.
_NOTHING = _Said("", "")


@dataclass
class _Draft(Draft):
    """A message whose lines are still coming, in quotes if there are several."""

    media: str | None = None
    open: bool = False  # a quote that has not ended
    pasted: bool = False  # what the quote holds is of another time: no line of it starts a message

    def extend(self, line: str, cut: bool) -> None:
        ends = _ends_quote(line if self.parts else line[1:])
        self.open = not ends if not self.parts and line.startswith('"') else self.open and not ends
        super().extend(line, cut)

    def text(self) -> str:
        """Without the quotes around a message of several lines."""
        text = "\n".join(self.parts).strip()
        if len(self.parts) > 1 and text.startswith('"') and _ends_quote(text[1:]):
            return text[1:-1].replace('""', '"').strip()
        return text


class _Reader:
    def __init__(self, name: str, survey: _Survey) -> None:
        self._name = name
        self._survey = survey
        self._order = survey.orders.best()
        self._tabs = survey.separator == "\t"
        self._day: Day | None = None
        self._people: set[str] = set()
        self._draft: _Draft | None = None

    def records(self, lines: Iterable[Line]) -> Iterator[Record]:
        begun = stray = False
        for (number, line, cut), after in _with_next(lines):
            day = self._opened_day(line, after)
            start = None if day else self._start(line)
            if not begun and (day or start):
                begun = True
                yield ImportedChat(chat_name(self._name), owner_known=False)
            if day is not None:
                self._day = day
            elif start is not None:
                yield from self._started(start, number, line, cut)
            elif self._draft is not None:
                self._draft.extend(line, cut)
            elif line.strip() and not stray and (number > _HEADER_LINES or not self._survey.headed):
                stray = True
                yield ImportProblem(self._name, number, "text before the first message")
        yield from self._finished()
        if not begun:
            yield ImportProblem(self._name, None, "no line looks like a message", refused=1)

    def _opened_day(self, line: str, after: str | None) -> Day | None:
        """The day on this line, with a message below it; none in a text that was pasted."""
        day, draft = parse_day(line), self._draft
        follows = None if day is None or after is None else parse_start(after)
        if day is None or follows is None or follows.separator != self._survey.separator:
            return None
        if draft is None or not draft.open:
            return day
        midnight = moment(day, Start(0, 0, "", "", ""), self._order)
        draft.pasted |= bool(midnight and draft.sent_at and midnight < draft.sent_at)
        return None if draft.pasted else day

    def _start(self, line: str) -> Start | None:
        """The start of a message on this line; none in a text that was pasted."""
        start, draft = parse_start(line), self._draft
        if start is None or start.separator != self._survey.separator:
            return None
        if draft is None or (self._tabs and not draft.open):
            return start
        sent_at = moment(self._day, start, self._order)
        back = bool(sent_at and draft.sent_at and sent_at < draft.sent_at)
        named = self._split(start.rest)
        known = named is not None and (self._tabs or self._survey.names.comes_back(named[0]))
        if not draft.open:
            return start if known or not back else None
        draft.pasted |= back
        return start if known and not draft.pasted else None

    def _split(self, rest: str) -> tuple[str, str] | None:
        """(name, text), or None if the line names nobody."""
        if not self._tabs:
            return self._survey.names.split(rest)
        name, tab, text = rest.partition("\t")
        return (name.strip(), text) if tab and name.strip() else None

    def _started(self, start: Start, number: int, line: str, cut: bool) -> Iterator[Record]:
        said = self._said(start.rest)
        if said is None and self._draft is not None:
            self._draft.extend(line, cut)
        if said is None or said == _NOTHING:
            return
        yield from self._finished()
        sent_at = moment(self._day, start, self._order)
        if sent_at is None:
            yield ImportProblem(self._name, number, "the date does not exist")
        if len(self._people) < _MAX_PEOPLE:
            self._people.add(said.sender)
        self._draft = _Draft(number, sent_at, said.sender, cut, media=said.media)
        self._draft.extend(said.text, cut)

    def _said(self, rest: str) -> _Said | None:
        """What stands behind a clock; None if it goes on with the message before."""
        named, words = self._split(rest), rest.strip()
        unsent = unsent_by(words)
        if not self._tabs:
            # In front of what a person wrote stands a name and a space: these lines have none.
            if unsent is not None and self._is_known(unsent):
                return _Said(unsent, "", "deleted")
            if unsent == "" or any(map(self._is_known, event_by(words))):
                return _NOTHING
        if named is not None:
            return _Said(*named)
        if not self._tabs:
            return None
        # Between tabs everything that a person wrote has a name: this is LINE's own line.
        if unsent in self._people:
            return _Said(unsent or "", "", "deleted")
        if unsent is not None or is_event(words):
            return _NOTHING
        # What else it tells may hold words that somebody chose, such as the new name of a group.
        who = max((name for name in self._people if words.startswith(name)), key=len, default=None)
        return None if who is None else _Said(who, words)

    def _is_known(self, name: str) -> bool:
        """Whether somebody of this name wrote, or the title gives it."""
        return name in self._people or name in self._survey.names.known

    def _finished(self) -> Iterator[Record]:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        yield from draft.problems(self._name)
        media, text = split_media(draft.text(), bare=not self._tabs)
        media = draft.media or media
        yield ImportedMessage(
            sender=draft.sender,
            text=text,
            media=media,
            sent_at=draft.sent_at,
            file_name=file_name(media, text),
        )


def _ends_quote(line: str) -> bool:
    """True if a line ends with a quote that is not one of a pair."""
    bare = line.rstrip()
    return (len(bare) - len(bare.rstrip('"'))) % 2 == 1
