"""WhatsApp's text export, from Android and iOS, in seven languages.

The order of day and month and names with colons need evidence from the whole
file. A regular file is read twice. A pipe cannot be: there the first
`LOOK_AHEAD` lines decide, and if a later date proves them wrong, reading goes on
with the better order from that line, and a problem says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from safelight.importers.records import (
    MAX_TEXT,
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Record,
    Records,
    TextStream,
)
from safelight.importers.source import capped_lines
from safelight.importers.whatsapp_dates import Evidence, Order, Stamp, moment_of, parse_start
from safelight.importers.whatsapp_lines import (
    MARK,
    attached_name,
    is_call,
    is_event,
    is_notice,
    plain,
    split_media,
)
from safelight.importers.whatsapp_names import NameEvidence

NAME = "whatsapp"
TITLE = "WhatsApp text export"

#: Lines of a pipe that decide, at most; also bounded in characters.
LOOK_AHEAD = 2_000
_LOOK_AHEAD_CHARACTERS = 1024 * 1024
_MAX_LINE = MAX_TEXT + 1_024
_NAME_HEAD = 256  # characters; names stand within these
_MAX_EVENT = 160  # characters; longer lines are what somebody wrote

Line = tuple[int, str, bool]


def sniff(head: bytes) -> str | None:
    lines = head.decode("utf-8", errors="replace").split("\n", 50)[:50]
    if any(parse_start(line) for line in lines):
        return "a line starts with a date and a time as WhatsApp writes them"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield the one chat of an export; its id is the name of the file without `.txt`."""
    lines: Iterator[Line] = capped_lines(stream, _MAX_LINE)
    survey = _Survey()
    if stream.seekable():
        survey.add(lines)
        stream.seek(0)
        return _Reader(name, survey, settled=True).records(capped_lines(stream, _MAX_LINE))
    ahead = list(_look_ahead(lines))
    survey.add(ahead)
    return _Reader(name, survey, settled=False).records(chain(ahead, lines))


def _look_ahead(lines: Iterator[Line]) -> Iterator[Line]:
    held = 0
    for line in islice(lines, LOOK_AHEAD):
        yield line
        held += len(line[1])
        if held > _LOOK_AHEAD_CHARACTERS:
            return


@dataclass
class _Survey:
    """What the first pass learns: per form of line the order of dates; the names."""

    dates: dict[str, Evidence] = field(default_factory=dict)
    names: NameEvidence = field(default_factory=NameEvidence)
    last_line: int = 0

    def add(self, lines: Iterable[Line]) -> None:
        for number, line, _ in lines:
            self.last_line = number
            stamp = parse_start(line)
            if stamp is not None:
                self.evidence(stamp).add(stamp)
                self.names.add(plain(stamp.rest[:_NAME_HEAD]))
        self.names.decide()

    def evidence(self, stamp: Stamp) -> Evidence:
        if stamp.form not in self.dates:
            self.dates[stamp.form] = Evidence()
        return self.dates[stamp.form]


@dataclass
class _Draft:
    """A message whose lines are still coming."""

    line: int
    sent_at: datetime | None
    sender: str
    parts: list[str]
    length: int
    cut: bool

    def extend(self, line: str, cut: bool) -> None:
        room = MAX_TEXT - self.length
        self.cut |= cut or len(line) > room
        if room > 0:
            self.parts.append(line[:room])
            self.length += len(line) + 1


class _Reader:
    def __init__(self, name: str, survey: _Survey, settled: bool) -> None:
        self._name = name
        self._survey = survey
        self._settled = settled
        self._orders: dict[str, Order] = {}
        self._form: str | None = None
        self._mixed = False

    def records(self, lines: Iterable[Line]) -> Iterator[Record]:
        draft: _Draft | None = None
        dropped = False  # the last start was a system line; what follows it belongs to it
        for number, line, cut in lines:
            stamp = parse_start(line)
            if stamp is not None:
                if self._form is None:
                    yield ImportedChat(self._name.removesuffix(".txt"), owner_known=False)
                yield from _finished(draft, self._name)
                sent_at, problems = self._moment(stamp, number)
                yield from problems
                draft = self._start(stamp, number, sent_at, cut)
                dropped = draft is None
            elif draft is not None:
                draft.extend(line, cut)
            elif line.strip() and not dropped:
                dropped = True
                yield ImportProblem(self._name, number, "text before the first message")
        yield from _finished(draft, self._name)
        if self._form is None:
            yield ImportProblem(self._name, None, "no line looks like a message", refused=1)

    def _moment(self, stamp: Stamp, number: int) -> tuple[datetime | None, list[ImportProblem]]:
        problems = []
        if self._form not in (None, stamp.form) and not self._mixed:
            self._mixed = True
            what = "lines of another form start here: two exports in one file"
            problems.append(ImportProblem(self._name, number, what))
        self._form = self._form or stamp.form
        evidence = self._survey.evidence(stamp)
        if number > self._survey.last_line:
            evidence.add(stamp)
        order = self._orders.setdefault(stamp.form, evidence.best())
        sent_at = moment_of(stamp, order)
        if sent_at is None and not self._settled:
            better = evidence.best()
            sent_at = moment_of(stamp, better)
            if sent_at is not None:
                self._orders[stamp.form] = better
                what = "day and month stand the other way round; times above may be wrong"
                problems.append(ImportProblem(self._name, number, what))
        if sent_at is None:
            problems.append(ImportProblem(self._name, number, "the date does not exist"))
        return sent_at, problems

    def _start(
        self, stamp: Stamp, number: int, sent_at: datetime | None, cut: bool
    ) -> _Draft | None:
        """A draft, or None for a system line."""
        named = self._survey.names.split(stamp.rest)
        if named is None or is_notice(stamp.rest):
            return None
        sender, text = plain(named[0]), named[1]
        # 'Ann changed the subject to "Trip: Rome"' names nobody either.
        event = is_event(sender) and not self._survey.names.comes_back(sender)
        if not sender or event or is_notice(text) or _own_event(text):
            return None
        draft = _Draft(number, sent_at, sender, [], 0, cut)
        draft.extend(text, cut)
        return draft


def _own_event(text: str) -> bool:
    """True for an event that iOS writes behind a name and its mark."""
    short = text.startswith(MARK) and len(text) <= _MAX_EVENT
    return short and is_event(text) and split_media(text)[0] is None


def _finished(draft: _Draft | None, name: str) -> Iterator[Record]:
    if draft is None:
        return
    if draft.cut:
        yield ImportProblem(name, draft.line, f"a message was cut at {MAX_TEXT:,} characters")
    text = "\n".join(draft.parts)
    media, caption = split_media(text)
    if media is None and "\n" not in text.strip() and is_call(text):
        media, caption = "call", ""
    yield ImportedMessage(
        sender=draft.sender,
        text=caption,
        media=media,
        sent_at=draft.sent_at,
        file_name=attached_name(text) if media else None,
    )
