"""Puts a practice chat into a real one, so that topic and length give nothing away.

Done while training; nothing of it is written to disk.
"""

from __future__ import annotations

import random
from typing import Any

from safelight_training.data.marks import moved
from safelight_training.data.times import BREAKS, draw_gap

TWO_BLOCKS = 0.4


def splice(inner: dict[str, Any], real: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """`inner` (risky or harmless) inside `real`, as one block or two, at random depths.

    Both are of one language. Labels, spans and marks are those of `inner`, moved; the real
    messages carry `masked`, since nobody labelled them. Times stay if both have them.
    """
    if inner.get("language") != real.get("language"):
        raise ValueError("both conversations must be of one language")
    blocks = [(inner["messages"], rng.randint(0, len(real["messages"])))]
    if len(inner["messages"]) > 3 and rng.random() < TWO_BLOCKS:
        cut = rng.randrange(1, len(inner["messages"]))
        depths = sorted(rng.randint(0, len(real["messages"])) for _ in range(2))
        blocks = [(inner["messages"][:cut], depths[0]), (inner["messages"][cut:], depths[1])]
    outer = [{**message, "masked": True} for message in real["messages"]]
    messages: list[dict[str, Any]] = []
    place: list[int] = []
    joins, at = [], 0
    for block, depth in blocks:
        messages += outer[at:depth]
        joins += [len(messages), len(messages) + len(block)]
        place += range(len(messages), len(messages) + len(block))
        messages += [dict(message) for message in block]
        at = depth
    messages += outer[at:]
    _retime(messages, set(joins), rng)
    return {**moved(inner, messages, place), "id": f"{inner['id']}+{real['id']}", "corpus": ""}


def _retime(messages: list[dict[str, Any]], joins: set[int], rng: random.Random) -> None:
    """Gaps as they were; a break of its own where one chat passes into the other."""
    known = [message.pop("offset_s", None) for message in messages]
    if any(offset is None for offset in known):
        return
    clock = 0
    for i, message in enumerate(messages):
        if i in joins:
            pause = rng.choice(("", *sorted(BREAKS)))
            clock += draw_gap(pause, len(message["text"]), rng) if i else 0
        elif i:
            clock += known[i] - known[i - 1]
        message["offset_s"] = clock
