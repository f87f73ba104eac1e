"""Where the name ends and the text begins: names may hold a colon themselves.

`Ann: hello` and `Team: Ann: hello` look alike. A colon belongs to the name only
if the whole file says so: everybody who starts with `Team: ` then goes on with
one of a few further parts, and each of those comes back. Somebody who starts every
message with a letter (`Q: `), with a word such as `FYI: ` or with the name of another
person in the chat has a habit, not a longer name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from safelight.importers.whatsapp_lines import plain

_MAX_NAME = 100  # characters; a name of WhatsApp has at most 25, a saved contact more
_MAX_NAMES = 4_096
_MAX_PARTS = 8
_MIN_LINES, _MIN_EACH = 3, 2
#: What people write in front of a message and nobody is called.
_HABITS = frozenset({"fyi", "ps", "p.s.", "nb", "n.b.", "tldr", "tl;dr", "re", "note", "update"})


@dataclass
class _Continuations:
    """What follows one first part; `parts` is None once the colon cannot belong to the name."""

    parts: dict[str, int] | None = field(default_factory=dict)
    lines: int = 0


@dataclass
class NameEvidence:
    """Evidence over one file; memory is bounded by `_MAX_NAMES` x `_MAX_PARTS` short texts."""

    _seen: dict[str, _Continuations] = field(default_factory=dict)
    _long: frozenset[str] = frozenset()

    def add(self, rest: str) -> None:
        """Count what stands behind the date of one line."""
        first, colon, text = rest.partition(": ")
        if not colon or len(first) > _MAX_NAME:
            return
        if first not in self._seen and len(self._seen) >= _MAX_NAMES:
            return
        found = self._seen.setdefault(first, _Continuations())
        found.lines += 1
        if found.parts is None:
            return
        second, colon, _ = text.partition(": ")
        fits = colon and len(second) <= _MAX_NAME and "\n" not in second
        if not fits or (second not in found.parts and len(found.parts) >= _MAX_PARTS):
            found.parts = None
            return
        found.parts[second] = found.parts.get(second, 0) + 1

    def decide(self) -> None:
        """Settle which names hold a colon, by what was counted so far."""
        self._long = frozenset(
            f"{first}: {second}"
            for first, found in self._seen.items()
            if found.parts and _comes_back(found.parts) and not self._is_habit(found.parts)
            for second in found.parts
        )

    def _is_habit(self, parts: dict[str, int]) -> bool:
        return any(
            len(part) == 1 or part in self._seen or part.casefold() in _HABITS for part in parts
        )

    def knows(self, name: str) -> bool:
        """True if somebody with this name writes in the file."""
        return name in self._seen or name in self._long

    def comes_back(self, name: str) -> bool:
        """True if several lines start with this name: then it is one, whatever it says."""
        first = plain(name).partition(": ")[0]
        return first in self._seen and self._seen[first].lines >= _MIN_EACH

    def count(self) -> int:
        """How many names start a line, with or without a further part."""
        return len(self._seen)

    def split(self, rest: str) -> tuple[str, str] | None:
        """(name, text), or None if the line names nobody."""
        first, colon, text = rest.partition(": ")
        if not colon:
            # A message may be empty: then the line ends with the colon.
            stripped = rest.rstrip()
            named = stripped.endswith(":") and 1 < len(stripped) <= _MAX_NAME + 1
            return (stripped[:-1], "") if named else None
        if len(first) > _MAX_NAME:
            return None
        second, again, remainder = text.partition(": ")
        if again and plain(f"{first}: {second}") in self._long:
            return f"{first}: {second}", remainder
        return first, text


def _comes_back(parts: dict[str, int]) -> bool:
    return sum(parts.values()) >= _MIN_LINES and min(parts.values()) >= _MIN_EACH
