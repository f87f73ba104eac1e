"""A chat as a timeline on a terminal: where the level changed, why, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from safelight.advice import YOUNG, AdviceBook
from safelight.cli.cards import card_panel
from safelight.cli.terminal import STYLES, SYMBOLS, safe
from safelight.importers import ImportedChat, ImportedMessage
from safelight.types import Assessment, Level, Stage
from safelight.why import Why

_INDENT = (0, 0, 0, 6)


@dataclass
class Timeline:
    """Prints one chat at a time. No text of a message appears unless `show_text`.

    With `every` each message gets a line, not only those that change the level.
    """

    console: Console
    book: AdviceBook
    language: str
    country: str | None
    show_text: bool = False
    every: bool = False
    audience: str = YOUNG
    _count: int = 0
    _highest: Level = Level.NONE
    _highest_at: int = 0
    _before: Level = Level.NONE
    _carded: set[tuple[Level, Stage]] = field(default_factory=set)

    def start(self, chat: ImportedChat) -> None:
        """Begin a chat."""
        self._count, self._highest, self._highest_at = 0, Level.NONE, 0
        self._before = Level.NONE
        self._carded = set()
        self.console.print(Text(safe(chat.heading), style="bold"))

    def message(self, message: ImportedMessage, who: str, seen: Assessment) -> None:
        """Show what one message changed, if anything."""
        self._count += 1
        if seen.level > self._highest:
            self._highest, self._highest_at = seen.level, self._count
        if seen.changed or seen.raised or self.every:
            self._line(message, who, seen)
        if seen.raised:
            self._why(seen)
        self._before = seen.level

    def end(self, why: Why | None = None) -> None:
        """Close a chat with its summary and the honest limit."""
        words = self.book.words(self.language)
        if why is not None:
            self._rests_on(why)
        plural = "" if self._count == 1 else "s"
        line = Text(f"{self._count} message{plural}. Highest level: ").append(
            self._name(self._highest)
        )
        if self._highest_at:
            line.append(f", from message {self._highest_at}")
        self.console.print(line.append(f". {words.ui['can_be_wrong']}"))
        self.console.print()

    def _line(self, message: ImportedMessage, who: str, seen: Assessment) -> None:
        line = Text(f"{self._count:>5} ").append(f"{_time(message)}  ", style="dim")
        line.append(safe(who), style="bold" if who == "you" else "")
        if seen.changed:
            line.append("  ").append(self._name(self._before)).append(" → ")
            line.append(self._name(seen.level))
        elif seen.raised:
            line.append("  ").append(self._name(seen.level))
        self.console.print(line)
        if self.show_text:
            medium = f"[{message.media}] " if message.media else ""
            self.console.print(Padding(Text(medium + safe(message.text, lines=True)), _INDENT))

    def _why(self, seen: Assessment) -> None:
        """What was noticed and the one main action; from warning on a help card, once a stage."""
        words = self.book.words(self.language)
        advice = seen.advice(self.language, self.country, audience=self.audience)
        body = Text()
        if advice.noticed:
            body.append(f"{words.ui['noticed']} {'; '.join(advice.noticed)}\n")
        body.append(f"{advice.title}\n", style="bold")
        serious = seen.level >= Level.WARNING
        if serious:
            body.append(" ".join(advice.lines) + "\n")
        body.append(f"→ {advice.action}", style="bold")
        self.console.print(Padding(body, _INDENT))
        if serious and (seen.level, seen.stage) not in self._carded and advice.cards:
            self._carded.add((seen.level, seen.stage))
            self.console.print(Padding(Text(words.ui["get_help"]), _INDENT))
            self.console.print(Padding(card_panel(advice.cards[0], words), _INDENT))

    def _rests_on(self, why: Why) -> None:
        """The messages without which the level at the end would be lower, by their numbers."""
        names = self.book.words(self.language).indicator_names
        parts = [
            f"{moved.index + 1} ({'; '.join(names[i] for i in moved.indicators)})"
            if moved.indicators
            else f"{moved.index + 1}"
            for moved in why.moved
        ]
        more = "" if why.falls else ", and on more than these"
        line = f"At the end it rests most on: message {', '.join(parts)}{more}."
        self.console.print(Padding(Text(line), _INDENT))

    def _name(self, level: Level) -> Text:
        words = self.book.words(self.language)
        return Text(f"{SYMBOLS[level]} {words.levels[level.label]}", style=STYLES[level])


def _time(message: ImportedMessage) -> str:
    if message.offset_s is not None:
        minutes, seconds = divmod(int(message.offset_s), 60)
        return f"+{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return "time unknown" if message.sent_at is None else message.sent_at.strftime("%Y-%m-%d %H:%M")
