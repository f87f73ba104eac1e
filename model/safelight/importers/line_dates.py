"""Days and clocks of LINE's text export.

A day stands on a line of its own with its weekday, which tells in which order day and month
stand. The messages below it start with a clock, of 12 or 24 hours.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from safelight.importers.whatsapp_dates import Order, Stamp, day_of, moment_of

# Monday to Sunday: how their names start in en, fr, de, it, es and pt, without accents.
_WEEKDAYS = (
    "mon lun seg", "tue mar die ter", "wed mer mit mie qua", "thu jeu don gio jue qui",
    "fri fre ven vie sex", "sat sam sab", "sun son dim dom",
)  # fmt: skip
_STARTS = {start: day for day, starts in enumerate(_WEEKDAYS) for start in starts.split()}
_SHORT = {each: day for day, each in enumerate(["mo", "di", "mi", "do", "fr", "sa", "so"])}
_JAPANESE = "月火水木金土日"

_WORD = r"[^\W\d_]{1,12}(?:-feira)?"
_DAY = re.compile(
    rf"(?:({_WORD})\.?,?\s+)?(\d{{1,4}})([./-])\s?(\d{{1,2}})\3\s?(\d{{1,4}})\.?"
    rf"(?:\s?[(（\s]\s?({_WORD})\.?[)）]?)?\s*"
)
_CLOCK = re.compile(
    r"(?:(午前|午後)\s?)?(\d{1,2})[:.](\d{2})(?:\s?([AaPp])\.?\s?[Mm]\.?)?([\t ])(.*)", re.DOTALL
)


class Day(NamedTuple):
    """A line that holds a day: its three numbers as written, and its weekday from Monday as 0."""

    numbers: tuple[str, str, str]
    weekday: int


class Start(NamedTuple):
    """How a message starts: its clock, and what stands behind it."""

    hour: int
    minute: int
    half: str  # "am", "pm", or "" for a 24-hour clock
    separator: str  # a tab (phones) or a space (computers)
    rest: str


def parse_day(line: str) -> Day | None:
    """The day if this line holds one with its weekday and nothing else."""
    match = _DAY.fullmatch(line) if len(line) <= 60 else None
    if match is None:
        return None
    before, first, _, second, third, after = match.groups()
    weekday = _weekday(before or after or "")
    return None if weekday is None else Day((first, second, third), weekday)


def parse_start(line: str) -> Start | None:
    """The clock and the rest if a message may start on this line."""
    match = _CLOCK.fullmatch(line)
    if match is None:
        return None
    before, hour, minute, after, separator, rest = match.groups()
    half = {"午前": "am", "午後": "pm", "a": "am", "p": "pm"}.get(
        (before or after or "").lower(), ""
    )
    return Start(int(hour), int(minute), half, separator, rest)


def moment(day: Day | None, start: Start, order: Order) -> datetime | None:
    """The aware time, its zone unknown; None if there is no such day or clock."""
    return (
        None if day is None else moment_of(_stamp(day, start.hour, start.minute, start.half), order)
    )


@dataclass
class Orders:
    """In which order the numbers of days stand, as their weekdays tell."""

    _fits: dict[Order, tuple[int, int]] = field(default_factory=dict)

    def add(self, day: Day) -> None:
        """Count one day."""
        for order in Order:
            found = day_of(_stamp(day), order)
            right, exists = self._fits.get(order, (0, 0))
            right += found is not None and found.weekday() == day.weekday
            self._fits[order] = (right, exists + (found is not None))

    def best(self) -> Order:
        """The order that gives most days their weekdays so far."""
        orders = (Order.YEAR_FIRST, Order.DAY_FIRST, Order.MONTH_FIRST)
        return max(orders, key=lambda order: self._fits.get(order, (0, 0)))


def _stamp(day: Day, hour: int = 0, minute: int = 0, half: str = "") -> Stamp:
    return Stamp(day.numbers, "", hour, minute, 0, half, shouted=False, form="", rest="")


def _weekday(word: str) -> int | None:
    if word and word[0] in _JAPANESE:
        return _JAPANESE.index(word[0]) if word[1:] in ("", "曜", "曜日") else None
    plain = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if c.isalpha())
    return _SHORT.get(plain, _STARTS.get(plain[:3]))
