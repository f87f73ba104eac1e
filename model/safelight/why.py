"""Which messages moved the risk: by leaving each out and asking again (ablation). Pure.

The runtime keeps no text, so the app hands over its own decrypted messages. The answer is checked
by deletion: `falls` says whether the level is lower without the messages that are named.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safelight.conversation import ChatState, Conversation
from safelight.types import Assessment, Level, Message

if TYPE_CHECKING:
    from safelight.guard import Guard

#: Messages that are named at most, and that are tried: the ones after which the risk rose most.
NAMED, TRIED = 6, 24


@dataclass(frozen=True)
class Moved:
    """A message that moved the risk.

    index: its place, from 0. indicators: those it showed, the surest first. by: log-odds by which
    the risk at the end is lower without it, > 0.
    """

    index: int
    indicators: tuple[str, ...]
    by: float


@dataclass(frozen=True)
class Why:
    """What a level rests on.

    risk: the higher one at the end. moved: at most NAMED messages, in the order of the chat.
    falls: whether the level is lower without them; False where it rests on more than these.
    """

    level: Level
    risk: str
    moved: tuple[Moved, ...]
    falls: bool


def why(guard: Guard, messages: Sequence[Message], fine_after: Collection[int] = ()) -> Why | None:
    """Why the level after the last of `messages` is what it is; None where no level is shown.

    messages: the chat from its start, as observed. fine_after: places, from 0, of the messages
    right after which the person said that all was fine. Takes as long as reading the chat a dozen
    times. ValueError where a message is faulty.
    """
    course = _Course(guard, messages, fine_after)
    if not course.level:
        return None
    risk = max(course.last.risks, key=lambda name: course.last.risks[name])
    whole = _log_odds(course.last.risks[risk])
    drops = {i: whole - _log_odds(course.without({i}).risks[risk]) for i in _tried(course, risk)}
    ordered = sorted((i for i, by in drops.items() if by > 0), key=lambda i: (-drops[i], i))
    named: list[int] = []
    falls = False
    for index in ordered[:NAMED]:
        named.append(index)
        if course.without(set(named)).level < course.last.level:
            falls = True
            break
    moved = (Moved(i, _shown(course.seen[i]), round(drops[i], 3)) for i in sorted(named))
    return Why(course.last.level, risk, tuple(moved), falls)


class _Course:
    """A chat as observed, and what it would have been without some of its messages."""

    def __init__(
        self, guard: Guard, messages: Sequence[Message], fine_after: Collection[int]
    ) -> None:
        self._guard, self._messages, self._fine_after = guard, messages, frozenset(fine_after)
        chat = guard.conversation("")
        self._states: list[ChatState] = []
        self.seen: list[Assessment] = []
        for index, message in enumerate(messages):
            self._states.append(chat.state)
            self.seen += guard.step([(chat, message)], replay=True)
            if index in self._fine_after:
                chat.this_was_fine()
        #: At the end; none where the person has just said that all was fine.
        self.level = chat.level

    @property
    def last(self) -> Assessment:
        return self.seen[-1]

    def without(self, gone: set[int]) -> Assessment:
        """After the last message, had those of `gone` been empty: who wrote and when stays."""
        first = min(gone)
        chat = Conversation(self._guard, "", self._states[first])

        def left() -> Iterator[Message]:  # `replay` asks for the next one when it has read one
            for i, said in enumerate(self._messages[first:], first):
                yield Message(said.sender, "", None, said.sent_at, said.id) if i in gone else said
                if i in self._fine_after:
                    chat.this_was_fine()

        return self._guard.replay(chat, left()) or self.last


def _tried(course: _Course, risk: str) -> list[int]:
    """The messages that showed an indicator or after which the risk rose, the steepest rises."""
    before = [0.0, *(seen.risks[risk] for seen in course.seen[:-1])]
    rises = [
        _log_odds(seen.risks[risk]) - _log_odds(old)
        for seen, old in zip(course.seen, before, strict=True)
    ]
    asked = [i for i, seen in enumerate(course.seen) if seen.indicators or rises[i] > 0]
    asked.sort(key=lambda i: (not course.seen[i].indicators, -rises[i], i))
    return asked[:TRIED]


def _shown(seen: Assessment) -> tuple[str, ...]:
    return tuple(sorted(seen.indicators, key=lambda name: (-seen.indicators[name], name)))


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p) - math.log1p(-p)
