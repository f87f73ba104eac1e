"""Dates and clocks of WhatsApp exports: how a line starts, and in which order day and month stand.

An export follows the phone's region and never says which. The order is decided
over all dates of a file: an order under which dates do not exist, or under
which the chat jumps back in time, loses; then the one that makes the chat much
denser in time wins; only then does the style of the numbers decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from safelight.importers.records import CLOCK_ZONE


class Order(Enum):
    """Positions of year, month and day among the three numbers of a date."""

    DAY_FIRST = (2, 1, 0)
    MONTH_FIRST = (2, 0, 1)
    YEAR_FIRST = (0, 1, 2)


class Stamp(NamedTuple):
    """The start of a message: three numbers as written, the clock, and the form of the line."""

    numbers: tuple[str, str, str]
    separator: str
    hour: int
    minute: int
    second: int
    half: str  # "am", "pm", or "" for a 24-hour clock
    shouted: bool  # AM or PM in capitals without dots, as American English writes it
    form: str  # "bracket" (iOS) or "dash" (Android)
    rest: str


# Direction marks stand before the bracket, a narrow no-break space before AM/PM.
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
# An iPhone may count years as Japan does (R6, H31) or from the Buddha (2567 BE).
_YEAR = r"(\d{1,4}|[RH]\d{1,2})"
_DATE = rf"{_YEAR}([./-])\s?(\d{{1,2}})\2\s?{_YEAR}\.?(?:\sBE)?"
_ERAS = {"R": 2018, "H": 1988}
_BUDDHIST, _BUDDHIST_YEARS = 543, range(2543, 2643)  # 2000 to 2099
_HALF = r"([AaPp]\.?\s?[Mm]\.?|午前|午後|vorm\.|nachm\.)"
_JOIN = r"(?:,\s?|\s)(?:(?:à|às|um|alle|alle ore|a las)\s)?"
# 09:05, 09.05 or, in Canadian French, 09 h 05 and 09 h 05 min 12 s.
_CLOCK = r"(\d{1,2})(?:[:.]|\s?h\s)(\d{2})(?:(?:[:.]|\s?min\s)(\d{2})(?:\s?s)?)?"
_TIME = rf"(?:{_HALF}\s?)?{_CLOCK}(?:\s?{_HALF})?"
_BRACKET = re.compile(rf"\[{_DATE}{_JOIN}{_TIME}\](?:\s|$)")
_DASH = re.compile(rf"{_DATE}{_JOIN}{_TIME}\s[-\u2013](?:\s|$)")
_MORNING = ("am", "午前", "vorm")


def parse_start(line: str) -> Stamp | None:
    """The stamp if a message starts on this line, else None (the line continues a message)."""
    text = line.lstrip(_MARKS)
    if not text or not (text[0] == "[" or text[0].isdigit()):
        return None
    form = "bracket" if text[0] == "[" else "dash"
    match = (_BRACKET if form == "bracket" else _DASH).match(text)
    if match is None:
        return None
    first, separator, second, third, before, hour, minute, seconds, after = match.groups()
    written = before or after or ""
    half = re.sub(r"[\s.]", "", written).lower()
    return Stamp(
        numbers=(_number(first), second, _number(third)),
        separator=separator,
        hour=int(hour),
        minute=int(minute),
        second=int(seconds or 0),
        half=("am" if half in _MORNING else "pm") if half else "",
        shouted=written in ("AM", "PM"),
        form=form,
        rest=text[match.end() :],
    )


def _number(written: str) -> str:
    """A number of a date as written; a year of another calendar as that of ours."""
    if written[0] in _ERAS:
        return str(_ERAS[written[0]] + int(written[1:]))
    year = int(written)
    return str(year - _BUDDHIST) if year in _BUDDHIST_YEARS else written


def day_of(stamp: Stamp, order: Order) -> date | None:
    """The calendar day under an order; None if it does not exist. Years run from 2000 to 2099."""
    year_at, month_at, day_at = order.value
    year = stamp.numbers[year_at]
    if len(year) not in (2, 4) or len(stamp.numbers[month_at]) > 2:
        return None
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if not 2000 <= full_year <= 2099 or len(stamp.numbers[day_at]) > 2:
        return None
    try:
        return date(full_year, int(stamp.numbers[month_at]), int(stamp.numbers[day_at]))
    except ValueError:
        return None


def moment_of(stamp: Stamp, order: Order) -> datetime | None:
    """The aware time under an order; None if the day or the clock does not exist."""
    day, hour = day_of(stamp, order), stamp.hour
    if stamp.half and hour <= 12:
        # Both 12:30 p.m. and the Japanese 0:30 p.m. are half past noon.
        hour = hour % 12 + (12 if stamp.half == "pm" else 0)
    if day is None or hour > 23 or stamp.minute > 59 or stamp.second > 59:
        return None
    return datetime(
        day.year, day.month, day.day, hour, stamp.minute, stamp.second, tzinfo=CLOCK_ZONE
    )


@dataclass
class _Track:
    """What a chat would look like under one order."""

    faults: int = 0  # dates that do not exist, and jumps back in time
    days: int = 0  # distinct days, counted when the day changes
    travel: int = 0  # days passed, forth or back
    last: date | None = None

    def add(self, day: date | None) -> None:
        if day is None:
            self.faults += 1
            return
        if self.last is not None and day != self.last:
            self.faults += day < self.last
            self.travel += abs((day - self.last).days)
            self.days += 1
        self.last = day


#: From so many changes of day on, a chat that is so many times denser decides.
_DENSE_DAYS, _DENSE_FACTOR = 2, 3


@dataclass
class Evidence:
    """Everything that the dates of one file say about the order; constant memory."""

    _tracks: dict[Order, _Track] = field(default_factory=lambda: {o: _Track() for o in Order})
    _last: tuple[str, str, str] | None = None
    _american: bool = False
    _padded: bool = False

    def add(self, stamp: Stamp) -> None:
        """Count one date; the same day again says nothing new."""
        if stamp.numbers == self._last:
            return
        self._last = stamp.numbers
        for order, track in self._tracks.items():
            track.add(day_of(stamp, order))
        self._american |= stamp.shouted and stamp.separator == "/"
        self._padded |= any(number.startswith("0") for number in stamp.numbers[:2])

    def best(self) -> Order:
        """The order that fits best so far."""
        fewest = min(track.faults for track in self._tracks.values())
        left = [order for order in self._by_style() if self._tracks[order].faults == fewest]
        first = self._tracks[left[0]]
        for order in left[1:]:
            track = self._tracks[order]
            enough = min(track.days, first.days) >= _DENSE_DAYS
            if enough and track.travel * _DENSE_FACTOR <= first.travel:
                return order
        return left[0]

    def _by_style(self) -> tuple[Order, ...]:
        """Orders from the likeliest to the least likely when dates alone do not decide."""
        if self._american and not self._padded:
            return (Order.MONTH_FIRST, Order.DAY_FIRST, Order.YEAR_FIRST)
        return (Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST)
