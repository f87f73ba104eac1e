"""What the person sees: level changes, calmly, with advice and help. No text of a message."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from safelight import Assessment, Level
from safelight.advice import AdviceBook
from safelight.cli.cards import card_panel
from safelight.cli.terminal import STYLES, SYMBOLS, safe

_INDENT = (0, 0, 0, 4)


class Screen:
    """Prints to a console, in one language, with the help cards of one country."""

    def __init__(
        self, console: Console, book: AdviceBook, language: str, country: str | None
    ) -> None:
        self._console, self._words = console, book.words(language)
        self._language, self._country = language, country

    def say(self, line: str) -> None:
        """One plain line."""
        self._console.print(Text(safe(line)))

    def listening(self, raised: Sequence[tuple[str, Level]], locked: int) -> None:
        """How things stand at the start: chats that have a level, with no old card.

        locked: how many older messages could not be read.
        """
        for name, level in raised:
            self._console.print(Text("  ").append(self._level(level)).append(f"  {safe(name)}"))
        if locked:
            self.say(f"{locked} older messages cannot be read: this device has no key to them.")
        self.say(f"Listening. {self._words.ui['can_be_wrong']}")

    def locked(self, name: str) -> None:
        """A chat of which this device cannot read every message."""
        self.say(f"{name}: some messages cannot be read on this device.")

    def changed(self, name: str, before: Level, seen: Assessment) -> None:
        """A change of level in one chat; a higher one comes with advice, from warning on with help.

        A hint shows its title and the one action alone.
        """
        line = Text(safe(name), style="bold").append("  ", style="not bold")
        line.append(self._level(before)).append(" → ", style="not bold")
        self._console.print(line.append(self._level(seen.level)))
        if seen.level > before:
            self._advise(seen)

    def _advise(self, seen: Assessment) -> None:
        advice, serious = seen.advice(self._language, self._country), seen.level >= Level.WARNING
        body = Text(f"{advice.title}\n", style="bold")
        if serious:
            said = " ".join(advice.lines)
            body.append(
                f"{self._words.ui['noticed']} {'; '.join(advice.noticed)}\n{said}\n", "not bold"
            )
        body.append(f"→ {advice.action}\n")
        if serious:
            body.append("".join(f"  · {step}\n" for step in advice.steps), "not bold")
        body.append(advice.can_be_wrong, "not bold italic")
        self._console.print(Padding(body, _INDENT, expand=False))
        if serious:
            self._console.print(Padding(Text(self._words.ui["get_help"]), _INDENT, expand=False))
            for card in advice.cards:
                self._console.print(Padding(card_panel(card, self._words), _INDENT, expand=False))

    def _level(self, level: Level) -> Text:
        return Text(f"{SYMBOLS[level]} {self._words.levels[level.label]}", style=STYLES[level])
