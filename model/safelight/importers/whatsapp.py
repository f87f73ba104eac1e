"""WhatsApp's text export, from Android and iOS, in seven languages.

The order of day and month, names with colons and the people of system lines need
evidence from the whole file. A regular file is read twice. A pipe cannot be: there the first
`LOOK_AHEAD` lines decide, and if a later date proves them wrong, reading goes on
with the better order from that line, and a problem says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

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
from safelight.importers.unread import why_unread
from safelight.importers.whatsapp_dates import Order, Stamp, moment_of, parse_start
from safelight.importers.whatsapp_lines import attached_name, deleting_admin, split_media
from safelight.importers.whatsapp_survey import Kind, Survey

NAME = "whatsapp"
TITLE = "WhatsApp text export"

#: Nick names of IRC and of other logs stand so in front of a text, names of WhatsApp never.
_NICK = re.compile(r"\s*<[^<>]{1,64}>\s")


def sniff(head: bytes) -> str | None:
    lines = head.decode("utf-8", errors="replace").split("\n", 50)[:50]
    if any(_looks_like_a_message(line) for line in lines) and why_unread(head) is None:
        return "a line starts with a date, a time and a name as WhatsApp writes them"
    return None


def _looks_like_a_message(line: str) -> bool:
    stamp = parse_start(line)
    if stamp is None or _NICK.match(stamp.rest):
        return False
    return ": " in stamp.rest or Survey().read(stamp)[0] is not Kind.UNNAMED


def read(stream: TextStream, name: str) -> Records:
    """Yield the one chat of an export; its id is the name of the file without `.txt`."""
    lines: Iterator[Line] = capped_lines(stream, MAX_LINE)
    survey = Survey()
    if stream.seekable():
        survey.add(lines)
        stream.seek(0)
        return _Reader(name, survey, settled=True).records(capped_lines(stream, MAX_LINE))
    ahead = list(look_ahead(lines))
    survey.add(ahead)
    return _Reader(name, survey, settled=False).records(chain(ahead, lines))


class _Reader:
    def __init__(self, name: str, survey: Survey, settled: bool) -> None:
        self._name = name
        self._survey = survey
        self._settled = settled
        self._order: Order | None = None

    def records(self, lines: Iterable[Line]) -> Iterator[Record]:
        draft: Draft | None = None
        told = False  # of text before the first message; what follows a system line belongs to it
        for number, line, cut in lines:
            stamp = self._survey.start(line)
            kind, sender, text = (None, "", "") if stamp is None else self._survey.read(stamp)
            if stamp is not None and kind is Kind.MESSAGE:
                if draft is None:
                    yield ImportedChat(chat_name(self._name), owner_known=False)
                yield from self._finished(draft)
                sent_at, problems = self._moment(stamp, number)
                yield from problems
                draft = Draft(number, sent_at, sender, cut)
                draft.extend(text, cut)
            elif draft is not None and kind is not Kind.SYSTEM:
                draft.extend(line, cut)
            elif draft is None and line.strip() and not told:
                told = True
                if stamp is None:
                    yield ImportProblem(self._name, number, "text before the first message")
        yield from self._finished(draft)
        if draft is None:
            what = "a message" if self._survey.form is None else "one that somebody wrote"
            yield ImportProblem(self._name, None, f"no line looks like {what}", refused=1)

    def _moment(self, stamp: Stamp, number: int) -> tuple[datetime | None, list[ImportProblem]]:
        problems = []
        evidence = self._survey.dates
        if number > self._survey.last_line:
            evidence.add(stamp)
        self._order = self._order or evidence.best()
        sent_at = moment_of(stamp, self._order)
        if sent_at is None and not self._settled:
            better = evidence.best()
            sent_at = moment_of(stamp, better)
            if sent_at is not None:
                self._order = better
                what = "day and month stand the other way round; times above may be wrong"
                problems.append(ImportProblem(self._name, number, what))
        if sent_at is None:
            problems.append(ImportProblem(self._name, number, "the date does not exist"))
        return sent_at, problems

    def _finished(self, draft: Draft | None) -> Iterator[Record]:
        if draft is None:
            return
        yield from draft.problems(self._name)
        text = "\n".join(draft.parts)
        media, caption = split_media(text)
        admin = deleting_admin(text)
        if admin is not None and self._survey.names.knows(admin):
            media, caption = "deleted", ""
        yield ImportedMessage(
            sender=draft.sender,
            text=caption,
            media=media,
            sent_at=draft.sent_at,
            file_name=attached_name(text) if media else None,
        )
