"""What arrives in each room, given to Safelight and shown: pure but for the screen."""

from __future__ import annotations

from dataclasses import replace

from safelight import Assessment, Conversation, Guard, Level
from safelight.types import Form
from safelight_matrix.choices import Choices
from safelight_matrix.events import ENCRYPTED, Arrived, to_message
from safelight_matrix.show import OFF, Screen


class Watch:
    """One conversation a room. Keeps numbers and ids, no text.

    muted, dismissed: rooms as in Choices, for keeping. latest: the room of the latest closed line.
    """

    def __init__(self, guard: Guard, me: str, screen: Screen, choices: Choices) -> None:
        self._guard, self._me, self._screen = guard, me, screen
        self._chats: dict[str, Conversation] = {}
        self._names: dict[str, str] = {}
        #: Of the latest message of each room: its id, where it has one, and what was said of it.
        self._last: dict[str, tuple[str | None, Assessment]] = {}
        self._locked: set[str] = set()
        self._foreign: set[str] = set()
        self._locked_before = 0
        self.muted, self.dismissed = choices.muted, dict(choices.fine)
        self.latest: str | None = None

    def take(self, arrived: Arrived, name: str) -> Assessment | None:
        """Observe one event and show what it changed; `name` is that of its room.

        Returns None where the event is no message.
        """
        message = to_message(arrived.event, self._me)
        if message is None:
            self._count_locked(arrived, name)
            return None
        room = arrived.room
        self._names[room] = name
        chat = self._chats.get(room) or self._started(room)
        before = chat.level
        seen = chat.observe(
            sender=message.sender,
            text=message.text,
            media=message.media,
            sent_at=message.sent_at,
            id=message.id,
            replay=arrived.old,
        )
        self._last[room] = message.id, seen
        if seen.supported_language is False and seen.form is not Form.OFF:
            self._say_foreign(room)
        if arrived.old and message.id is not None and self.dismissed.get(room) == message.id:
            chat.this_was_fine()
        if seen.changed or seen.raised:
            self._show(room, before, seen)
        return seen

    def listening(self) -> None:
        """The history was replayed: say how things stand, and raise no old card."""
        if not self._guard.settings.on:
            self._screen.say(OFF)
            return
        raised = {room: chat for room, chat in self._chats.items() if chat.level > Level.NONE}
        for room, chat in raised.items():
            if chat.form is Form.CARD:
                self._screen.stands(self._names[room], chat.level)
        closed = [room for room, chat in raised.items() if chat.form is Form.LINE]
        for room in closed[-1:] if self._guard.discreet else closed:
            self._close(room)
        self._screen.listening(self._locked_before)

    def named(self, word: str) -> list[str]:
        """The rooms that somebody means by a number of `chats` or by a name."""
        rooms = list(self._chats)
        if word.isascii() and word.isdecimal() and 1 <= int(word[:9]) <= len(rooms):
            return [rooms[int(word) - 1]]
        return [room for room in rooms if self._names[room].casefold() == word.casefold()]

    def chats(self) -> list[tuple[str, Conversation]]:
        """Name and conversation of each room, in the order in which they were first read."""
        return [(self._names[room], chat) for room, chat in self._chats.items()]

    def open(self, room: str | None) -> bool:
        """Show the card of how a chat stands now; False where there is none."""
        chat = None if room is None else self._chats[room]
        if room is None or chat is None or chat.level == Level.NONE:
            return False
        _, seen = self._last[room]
        now = replace(
            seen, level=chat.level, stage=chat.stage, reasons=chat.state.policy.reasons
        )  # the choices may have changed since the latest message
        self._screen.opened(self._names[room], now)
        return True

    def mute(self, room: str, muted: bool) -> None:
        """Mute a chat, or no longer."""
        self.muted = self.muted | {room} if muted else self.muted - {room}
        self._obey_mute(room)

    def fine(self, room: str) -> None:
        """What was noticed so far no longer counts, here and in a replay of these messages."""
        self._chats[room].this_was_fine()
        message_id, _ = self._last[room]
        if message_id is not None:
            self.dismissed[room] = message_id

    def _started(self, room: str) -> Conversation:
        self._chats[room] = self._guard.conversation(room)
        self._obey_mute(room)
        return self._chats[room]

    def _obey_mute(self, room: str) -> None:
        chat = self._chats[room]
        if room in self.muted:
            chat.mute()
        else:
            chat.unmute()

    def _show(self, room: str, before: Level, seen: Assessment) -> None:
        if not (self._guard.discreet or room in self.muted):
            self._screen.changed(self._names[room], before, seen)
        elif seen.raised:
            self._close(room)

    def _close(self, room: str) -> None:
        """One neutral line; in discreet mode it does not even say in which chat."""
        self.latest = room
        self._screen.closed(None if self._guard.discreet else self._names[room])

    def _say_foreign(self, room: str) -> None:
        """Once a room: silence about a chat that nobody can judge would look like safety."""
        if room not in self._foreign:
            self._foreign.add(room)
            self._screen.foreign(None if self._guard.discreet else self._names[room])

    def _count_locked(self, arrived: Arrived, name: str) -> None:
        """Say that not all is read, once a room: silence would look like safety."""
        if arrived.event.get("type") != ENCRYPTED or not self._guard.settings.on:
            return
        if arrived.old:
            self._locked_before += 1
        elif arrived.room not in self._locked:
            self._locked.add(arrived.room)
            self._screen.locked(name)
