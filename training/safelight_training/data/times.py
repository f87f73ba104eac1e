"""When messages come. An assumption, stated: no public chat of this kind carries times.

Within a sitting seconds to minutes, between sittings hours to days.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

#: Chance that a message opens a new sitting where nothing says so.
NEW_SITTING = 0.06
BREAKS = {"minutes": (5.9, 0.7), "hours": (9.6, 0.8), "days": (11.4, 0.7)}


def draw_gap(pause: str, length: int, rng: random.Random) -> int:
    """Seconds before a message of `length` characters; `pause` "" stays in the sitting."""
    if pause:
        return max(120, int(rng.lognormvariate(*BREAKS[pause])))
    return max(1, int(rng.lognormvariate(2.6, 0.9) + length / 6))


def draw_offsets(
    lengths: Sequence[int], rng: random.Random, pauses: Sequence[str] | None = None
) -> list[int]:
    """Seconds since the first message, one a message, growing."""
    clock, offsets = 0, []
    for i, length in enumerate(lengths):
        if pauses is not None:
            pause = pauses[i]
        else:
            pause = rng.choice(sorted(BREAKS)) if rng.random() < NEW_SITTING else ""
        clock += draw_gap(pause, length, rng) if i else 0
        offsets.append(clock)
    return offsets


def one_after_another(
    chats: Sequence[dict[str, Any]], pause: Callable[[], int]
) -> list[dict[str, Any]]:
    """Copies of all messages on one clock, `pause()` seconds after each chat.

    A chat without times has none here either, and the clock waits.
    """
    messages, clock = [], 0
    for chat in chats:
        last = clock
        for message in map(dict, chat["messages"]):
            if "offset_s" in message:
                message["offset_s"] = last = clock + message["offset_s"]
            messages.append(message)
        clock = last + pause()
    return messages
