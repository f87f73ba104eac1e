"""Names and cells that the sections of the report share."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
LEVELS = ("notice", "warning", "urgent")
SHARES = ("notice or above, %", "warning or above, %", "urgent, %")
SOURCES = {
    "new_families": "scenario families never trained on",
    "held_out_voices": "whole dialogues, writers never trained on",
    "known_voices": "whole dialogues, other ones by writers trained on",
    "train_families": "scenario families trained on",
    "authored": "whole dialogues, all splits",
}
TWINS = {"hard": "hard to tell", "plain": "plain"}


def delay(value: Row | None) -> str:
    """Median and 90th percentile, in messages."""
    return "–" if value is None else f"{value['median']:g}, {value['p90']:g}"


def interval(found: Row | None) -> str:
    """A value with its interval."""
    if not found:
        return "–"
    if found["low"] is None:
        return f"{found['value']:.3f}"
    return f"{found['value']:.3f} ({found['low']:.3f}–{found['high']:.3f})"
