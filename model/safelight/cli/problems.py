"""Collects what could not be read in one source and says it in one line."""

from __future__ import annotations

from dataclasses import dataclass, field

from safelight.cli.terminal import safe
from safelight.importers import ImportProblem

_SHOWN_LINES = 5


@dataclass
class Problems:
    """The problems of one source; memory does not grow with their number."""

    first: ImportProblem | None = None
    more: int = 0
    refused: int = 0
    _lines: list[int] = field(default_factory=list)

    def add(self, problem: ImportProblem) -> None:
        """Count one problem."""
        self.refused += problem.refused
        if self.first is None:
            self.first = problem
            return
        self.more += 1
        if problem.line is not None and len(self._lines) < _SHOWN_LINES:
            self._lines.append(problem.line)

    def line(self, chats: int) -> str | None:
        """One line for standard error, None if all was well. chats: conversations reported."""
        if self.first is None:
            return None
        at = "" if self.first.line is None else f"line {self.first.line}: "
        read = f"{chats} conversation{'' if chats == 1 else 's'} read"
        return (
            f"{safe(self.first.file)}: {at}{self.first.what}{self._rest()}; "
            f"{read}, {self.refused} refused or cut short"
        )

    def _rest(self) -> str:
        if not self.more:
            return ""
        where = ", ".join(map(str, self._lines))
        dots = ", …" if self.more > len(self._lines) and where else ""
        lines = f", at line {where}{dots}" if where else ""
        return f" ({self.more} more problem{'' if self.more == 1 else 's'}{lines})"
