"""What text exports of several apps have in common.

A message may stand on several lines, and what a file says of its form is known once it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from safelight.importers.records import MAX_TEXT, ImportProblem

#: Number of the line from 1, the line without its end, whether it was cut.
Line: TypeAlias = tuple[int, str, bool]

#: Characters of a line that are read: a whole message and what stands in front of it.
MAX_LINE = MAX_TEXT + 1_024
#: Lines of a pipe that decide, at most; also bounded in characters.
LOOK_AHEAD = 2_000
_LOOK_AHEAD_CHARACTERS = 1024 * 1024


def look_ahead(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines of a pipe that decide; the others stay in `lines`."""
    held = 0
    for line in islice(lines, LOOK_AHEAD):
        yield line
        held += len(line[1])
        if held > _LOOK_AHEAD_CHARACTERS:
            return


@dataclass
class Draft:
    """A message whose lines are still coming."""

    line: int
    sent_at: datetime | None
    sender: str
    cut: bool = False
    parts: list[str] = field(default_factory=list)
    _length: int = 0

    def extend(self, line: str, cut: bool) -> None:
        """Add a line, as far as there is room."""
        room = MAX_TEXT - self._length
        self.cut |= cut or len(line) > room
        if room > 0:
            self.parts.append(line[:room])
            self._length += len(line) + 1

    def problems(self, name: str) -> Iterator[ImportProblem]:
        """What there is to say of it, in the file of this name."""
        if self.cut:
            what = f"a message was cut at {MAX_TEXT:,} characters"
            yield ImportProblem(name, self.line, what)
