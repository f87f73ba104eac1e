"""Scan output as JSON lines: one conversation a line, written while it is read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, TextIO

from safelight.importers import ImportedChat, ImportedMessage
from safelight.types import Assessment, Level
from safelight.why import Why

#: Digits behind the point of a probability.
DIGITS = 4
_RAISED = (Level.NOTICE, Level.WARNING, Level.URGENT)


@dataclass
class JsonReport:
    """Writes the parts of a line as they come, so that memory does not grow with a chat.

    The `first_…` indices (0-based, null if never reached) stand at the end of the line.
    """

    stream: TextIO
    show_text: bool = False
    _index: int = 0
    _first: dict[Level, int] = field(default_factory=dict)

    def start(self, chat: ImportedChat) -> None:
        """Open the line of a conversation."""
        self._index, self._first = 0, {}
        self.stream.write(f'{{"id": {json.dumps(chat.id)}, "messages": [')

    def message(self, message: ImportedMessage, who: str, seen: Assessment) -> None:
        """Write what one message showed."""
        for level in _RAISED:
            if seen.level >= level:
                self._first.setdefault(level, self._index)
        row: dict[str, Any] = {
            "index": self._index,
            "level": seen.level.label,
            "risks": rounded(seen.risks),
            "indicators": rounded(seen.indicators),
        }
        if self.show_text:
            row |= {"sender": who, "text": message.text}
        self.stream.write((", " if self._index else "") + json.dumps(row))
        self._index += 1

    def end(self, why: Why | None = None) -> None:
        """Close the line and hand it on at once."""
        firsts = ", ".join(
            f'"first_{level.label}": {json.dumps(self._first.get(level))}' for level in _RAISED
        )
        rests = "" if why is None else f', "why": {json.dumps(_why(why))}'
        self.stream.write(f"], {firsts}{rests}}}\n")
        self.stream.flush()


def _why(why: Why) -> dict[str, Any]:
    messages = [{"index": moved.index, "indicators": list(moved.indicators)} for moved in why.moved]
    return {"level": why.level.label, "risk": why.risk, "messages": messages, "falls": why.falls}


def rounded(probabilities: dict[str, float]) -> dict[str, float]:
    """Probabilities with `DIGITS` digits behind the point."""
    return {name: round(p, DIGITS) for name, p in probabilities.items()}
