"""What the person types while it listens. Every choice is one line, holds at once and is kept.

Nothing here reaches the network: what is asked of the server is the same whatever was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from safelight import Guard
from safelight.policy_config import SENSITIVITIES
from safelight_matrix.choices import Choices
from safelight_matrix.show import OFF, Screen
from safelight_matrix.watch import Watch

HELP = """\
chats                          the chats that are read, with their numbers
open [CHAT]                    show what stands behind a line
fine CHAT                      what was noticed so far was fine
mute CHAT, unmute CHAT         no notice and no warning; urgent is one closed line
discreet, cards                one neutral line in place of every card, or cards again
sensitivity low|standard|high  how readily something is shown
off, on                        read nothing and show nothing, or go on
CHAT is a number or a name. Ctrl-C ends."""
_AFTER_OFF = "On. What came meanwhile is read at the next start."


class Commands:
    """Carries out lines, one at a time, by the one who also feeds `watch`."""

    def __init__(self, guard: Guard, watch: Watch, screen: Screen, folder: Path) -> None:
        self._guard, self._watch, self._screen, self._folder = guard, watch, screen, folder
        self._alone: dict[str, Callable[[], str]] = {
            "help": self._help,
            "chats": self._chats,
            "off": self._off,
            "on": self._on,
            "discreet": lambda: self._discreet(True),
            "cards": lambda: self._discreet(False),
            "open": lambda: self._open(watch.latest),
        }
        self._of_chat: dict[str, Callable[[str], str]] = {
            "open": self._open,
            "fine": self._fine,
            "mute": lambda room: self._mute(room, True),
            "unmute": lambda room: self._mute(room, False),
        }

    def obey(self, line: str) -> None:
        """Carry out a line and say what holds now."""
        verb, _, rest = line.strip().partition(" ")
        said = self._said(verb.lower(), rest.strip()) if verb else ""
        if said:
            self._screen.say(said)

    def _said(self, verb: str, rest: str) -> str:
        if verb == "sensitivity" and rest.lower() in SENSITIVITIES:
            self._guard.sensitivity = rest.lower()
            return self._kept(f"Sensitivity: {rest.lower()}, from the next message on.")
        if not rest and verb in self._alone:
            return self._alone[verb]()
        if rest and verb in self._of_chat:
            rooms = self._watch.named(rest)
            if len(rooms) == 1:
                return self._of_chat[verb](rooms[0])
            return "Several chats are called that: give the number." if rooms else "No such chat."
        return "Not understood: type help."

    def _help(self) -> str:
        for line in HELP.splitlines():
            self._screen.say(line)
        return ""

    def _chats(self) -> str:
        self._screen.chats(self._watch.chats())
        return ""

    def _open(self, room: str | None) -> str:
        return "" if self._watch.open(room) else "There is nothing to show."

    def _fine(self, room: str) -> str:
        self._watch.fine(room)
        return self._kept("What was noticed so far in this chat no longer counts.")

    def _mute(self, room: str, muted: bool) -> str:
        self._watch.mute(room, muted)
        return self._kept("Muted." if muted else "No longer muted.")

    def _discreet(self, discreet: bool) -> str:
        self._guard.discreet = discreet
        return self._kept("One neutral line from now on." if discreet else "Cards from now on.")

    def _off(self) -> str:
        self._guard.off()
        return self._kept(OFF)

    def _on(self) -> str:
        was_off = not self._guard.settings.on
        self._guard.on()
        return self._kept(_AFTER_OFF if was_off else "On.")

    def _kept(self, said: str) -> str:
        """`said`, once the choices are in the file."""
        try:
            Choices(self._guard.settings, self._watch.muted, self._watch.dismissed).save(
                self._folder
            )
        except OSError:
            return f"{said} It cannot be kept: the store cannot be written."
        return said
