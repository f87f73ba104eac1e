"""What the person sees: level changes, calmly, with advice and help. No text of a message."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from safelight import Assessment, Conversation, Level
from safelight.advice import AdviceBook
from safelight.cli.cards import card_panel
from safelight.cli.terminal import STYLES, SYMBOLS, safe
from safelight.types import Form

_INDENT = (0, 0, 0, 4)
#: Where the person switched it off.
OFF = "Off: nothing is read and nothing is shown."


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

    def stands(self, name: str, level: Level) -> None:
        """At the start: a chat that has a level, with no old card."""
        self._console.print(Text("  ").append(self._level(level)).append(f"  {safe(name)}"))

    def listening(self, locked: int) -> None:
        """The end of the start. locked: how many older messages could not be read."""
        if locked:
            self.say(f"{locked} older messages cannot be read: this device has no key to them.")
        self.say(f"Listening. {self._words.ui['can_be_wrong']}")

    def closed(self, name: str | None) -> None:
        """A card closed to one line, of the chat that is named or of one that is not."""
        words = self._words.ui["discreet" if name is None else "muted_urgent"]
        self.say(words if name is None else f"{name}: {words}")

    def opened(self, name: str, seen: Assessment) -> None:
        """The card of a chat that the person asked to see."""
        line = Text(safe(name), style="bold").append("  ", style="not bold")
        self._console.print(line.append(self._level(seen.level)))
        self._advise(seen)

    def chats(self, chats: Sequence[tuple[str, Conversation]]) -> None:
        """The chats by number; a level only where a card may show it."""
        for number, (name, chat) in enumerate(chats, start=1):
            line = Text(f"{number:3}  {safe(name)}")
            if chat.muted:
                line.append("  muted", "dim")
            if chat.form is Form.CARD:
                line.append("  ").append(self._level(chat.level))
            self._console.print(line)
        if not chats:
            self.say("No chat was read yet.")

    def locked(self, name: str) -> None:
        """A chat of which this device cannot read every message."""
        self.say(f"{name}: some messages cannot be read on this device.")

    def foreign(self, name: str | None) -> None:
        """A chat, named or not, in a language of which the model knows nothing."""
        self.say(
            f"{name or 'A chat'}: in a language that Safelight does not know; it can notice little."
        )

    def changed(self, name: str, before: Level, seen: Assessment) -> None:
        """What moved in one chat; what calls for a card has advice, from warning on with help.

        A hint shows its title and the one action alone.
        """
        line = Text(safe(name), style="bold").append("  ", style="not bold")
        if seen.changed:
            line.append(self._level(before)).append(" → ", style="not bold")
        self._console.print(line.append(self._level(seen.level)))
        if seen.raised:
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
