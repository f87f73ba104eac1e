"""What arrives in each room, given to Safelight and shown: pure but for the screen."""

from __future__ import annotations

from safelight import Assessment, Conversation, Guard, Level
from safelight_matrix.events import ENCRYPTED, Arrived, to_message
from safelight_matrix.show import Screen


class Watch:
    """One conversation a room. Keeps numbers and ids, no text."""

    def __init__(self, guard: Guard, me: str, screen: Screen) -> None:
        self._guard, self._me, self._screen = guard, me, screen
        self._chats: dict[str, Conversation] = {}
        self._names: dict[str, str] = {}
        self._locked: set[str] = set()
        self._locked_before = 0

    def take(self, arrived: Arrived, name: str) -> Assessment | None:
        """Observe one event and show what it changed; `name` is that of its room.

        Returns None where the event is no message.
        """
        message = to_message(arrived.event, self._me)
        if message is None:
            self._count_locked(arrived, name)
            return None
        self._names[arrived.room] = name
        chat = self._chats.setdefault(arrived.room, self._guard.conversation(arrived.room))
        before = chat.level
        seen = chat.observe(
            sender=message.sender,
            text=message.text,
            media=message.media,
            sent_at=message.sent_at,
            id=message.id,
            replay=arrived.old,
        )
        if seen.changed:
            self._screen.changed(name, before, seen)
        return seen

    def listening(self) -> None:
        """The history was replayed: say how things stand, and raise no old card."""
        raised = [(self._names[room], chat.level) for room, chat in self._chats.items()
                  if chat.level > Level.NONE]  # fmt: skip
        self._screen.listening(raised, self._locked_before)

    def _count_locked(self, arrived: Arrived, name: str) -> None:
        """Say that not all is read, once a room: silence would look like safety."""
        if arrived.event.get("type") != ENCRYPTED:
            return
        if arrived.old:
            self._locked_before += 1
        elif arrived.room not in self._locked:
            self._locked.add(arrived.room)
            self._screen.locked(name)
