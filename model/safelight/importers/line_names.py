"""Where the name ends in LINE's export from a computer: spaces part clock, name and text.

`09:05 Kim Lee hello`: names may hold spaces themselves. Words belong to a name only if the title
of the chat says so, or if the whole file does: everybody who starts with `Kim` then goes on with
one of a few further words, each of which comes back and has a text behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_MAX_NAMES = 4_096
_MAX_WORD = 60  # characters; longer ones are what somebody wrote
_MAX_WORDS, _MAX_NEXT = 4, 4
#: So many lines must agree where one word follows a name, and for each where several do.
_ALONE, _EACH = 5, 3


@dataclass
class _Next:
    """The words that follow the start of a name; None once it cannot go on."""

    words: dict[str, int] | None = field(default_factory=dict)
    lines: int = 0


@dataclass
class SpacedNames:
    """Evidence over one file, in bounded memory. known: names that the title of the chat gives."""

    known: tuple[str, ...] = ()
    _seen: dict[str, _Next] = field(default_factory=dict)
    _longer: frozenset[str] = frozenset()

    def add(self, rest: str) -> None:
        """Count what stands behind the clock of one line."""
        if self._titled(rest) is not None:
            return
        words = rest[: (_MAX_WORD + 1) * (_MAX_WORDS + 1)].split(" ", _MAX_WORDS)
        for count in range(1, min(len(words), _MAX_WORDS)):
            start = " ".join(words[:count])
            if start not in self._seen and len(self._seen) >= _MAX_NAMES:
                return
            found = self._seen.setdefault(start, _Next())
            found.lines += 1
            if found.words is None:
                return
            word = words[count]
            fits = len(words) > count + 1 and 0 < len(word) <= _MAX_WORD
            if not fits or (word not in found.words and len(found.words) >= _MAX_NEXT):
                found.words = None
                return
            found.words[word] = found.words.get(word, 0) + 1

    def decide(self) -> None:
        """Settle which names go on, by what was counted so far."""
        self._longer = frozenset(
            f"{start} {word}"
            for start, found in self._seen.items()
            if found.words
            and min(found.words.values()) >= (_ALONE if len(found.words) == 1 else _EACH)
            for word in found.words
        )

    def comes_back(self, name: str) -> bool:
        """True if the title gives this name or several lines start with it."""
        first = name.partition(" ")[0]
        return name in self.known or (first in self._seen and self._seen[first].lines > 1)

    def split(self, rest: str) -> tuple[str, str] | None:
        """(name, text), or None if the line names nobody."""
        titled = self._titled(rest)
        if titled is not None:
            return titled, rest[len(titled) + 1 :]
        name, space, text = rest.partition(" ")
        while f"{name} {text.partition(' ')[0]}" in self._longer and " " in text:
            word, _, text = text.partition(" ")
            name = f"{name} {word}"
        return (name, text) if name and space else None

    def _titled(self, rest: str) -> str | None:
        return next((name for name in self.known if rest.startswith(f"{name} ")), None)
