"""Cells and tables of generated pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]


def alarms(row: Row) -> tuple[str, ...]:
    return tuple(share(row[level]) for level in ("notice", "warning", "urgent"))


def share(rate: Row | None) -> str:
    """0.1234 → 12.3; small shares keep two places, where budgets of 0.1% are judged."""
    if rate is None:
        return "–"
    places = 1 if rate["high"] >= 0.1 else 2
    middle, low, high = (f"{100 * rate[key]:.{places}f}" for key in ("share", "low", "high"))
    return f"{middle} ({low}–{high})"


def percent(rate: Row, places: int) -> str:
    return f"{100 * rate['share']:.{places}f}%"


def interval(rate: Row, places: int) -> str:
    return f"({100 * rate['low']:.{places}f} to {100 * rate['high']:.{places}f})"


def paired(row: Row | None) -> str:
    """A difference in points, with its interval and over how many pairs."""
    if not row:
        return "–"
    middle, low, high = (f"{100 * row[key]:.1f}" for key in ("value", "low", "high"))
    return f"{middle} ({low} to {high}; n {row['n']})"


def score(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)
