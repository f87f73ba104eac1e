"""What a first pass over a WhatsApp export learns, and what a dated line is in its light."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from safelight.importers.text_lines import Line
from safelight.importers.whatsapp_dates import Evidence, Stamp, parse_start
from safelight.importers.whatsapp_events import (
    breaks_before_community,
    breaks_in_quotes,
    is_event,
    is_group_event,
    is_notice,
    is_of,
)
from safelight.importers.whatsapp_lines import MARK, is_missed_call, plain
from safelight.importers.whatsapp_names import NameEvidence

_NAME_HEAD = 256  # characters; names stand within these
_NOBODY = "?"  # somebody whose name holds nothing that can be seen
_NUMBER = re.compile(r"\+[0-9][0-9 ().-]{5,20}")
_GROUP = 3  # from so many names on, the title of a chat among them, it is a group


class Kind(Enum):
    """What a line with a date is."""

    MESSAGE = "somebody writes"
    SYSTEM = "WhatsApp's own, and nothing that a person wrote"
    UNNAMED = "names nobody and is not known: a system line, or a line inside a message"


@dataclass
class Survey:
    """The form of the lines, the order of their dates, the names, and the title of a group."""

    form: str | None = None
    dates: Evidence = field(default_factory=Evidence)
    names: NameEvidence = field(default_factory=NameEvidence)
    last_line: int = 0
    _title: str | None = None

    def add(self, lines: Iterable[Line]) -> None:
        """Learn from lines, and settle what they say."""
        for number, line, _ in lines:
            self.last_line = number
            first = self.form is None
            stamp = self.start(line)
            if stamp is not None and (named := self.names.split(stamp.rest)) is not None:
                self.dates.add(stamp)
                self.names.add(plain(stamp.rest[:_NAME_HEAD]))
                self._add_title(plain(named[0]), named[1], first)
        self.names.decide()

    def start(self, line: str) -> Stamp | None:
        """The stamp of a line that may start a message; the first one settles the form.

        A line of the other form inside a message was quoted there by whoever wrote it.
        """
        stamp = parse_start(line)
        if stamp is None or stamp.form != (self.form or stamp.form):
            return None
        self.form = stamp.form
        return stamp

    def read(self, stamp: Stamp) -> tuple[Kind, str, str]:
        """What a line is; of a message also who writes, and the text."""
        rest = stamp.rest
        named = self.names.split(rest)
        if named is None:
            known = is_notice(rest) or is_missed_call(rest) or is_event(rest, self.names.knows)
            return (Kind.SYSTEM if known else Kind.UNNAMED), "", ""
        sender, text = plain(named[0]), named[1]
        breaks = breaks_in_quotes(sender) or breaks_before_community(sender)
        if breaks and is_group_event(rest) and not self.names.comes_back(sender):
            return Kind.UNNAMED, "", ""
        if stamp.form == "bracket" and text.startswith(MARK) and self._is_system(sender, text):
            return Kind.SYSTEM, "", ""
        return Kind.MESSAGE, sender or _NOBODY, text

    def _add_title(self, sender: str, text: str, first: bool) -> None:
        """The iPhone writes the title of a group in front of its notice and of its events."""
        if first and text.startswith(MARK) and is_notice(text):
            self._title = sender
        elif sender == self._title and not text.startswith(MARK):
            self._title = None

    def _is_system(self, sender: str, text: str) -> bool:
        def knows(name: str) -> bool:
            # Such a line may call its person by the first name, or by a number.
            known = self.names.knows(name) or sender.startswith(f"{name} ")
            return known or _NUMBER.fullmatch(name) is not None

        if is_notice(text) or is_event(text, knows):
            return True
        if self._title is not None and is_of(text, sender, self._title):
            return True
        of_group = sender == self._title and self.names.count() >= _GROUP
        return of_group and (is_event(text, lambda _: True) or is_group_event(text))
