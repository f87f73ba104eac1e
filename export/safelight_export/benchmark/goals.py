"""What the bundle is meant to reach beside its peers, and whether it does."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from safelight_export.benchmark.rounds import ratio

Row = dict[str, Any]
#: A figure with its 95% interval, or with none.
Figure = dict[str, float]


@dataclass(frozen=True)
class Goal:
    """at_least: whether `limit` is a floor; otherwise a ceiling. unit: as printed after figures."""

    what: str
    limit: float
    at_least: bool
    unit: str
    measured: Callable[[Row], Figure]

    def met(self, found: Figure) -> bool:
        """Whether the figure itself, not its interval, keeps to the limit."""
        return found["median"] >= self.limit if self.at_least else found["median"] <= self.limit


def peer(found: Row, key: str) -> Row:
    row: Row = next(row for row in found["peers"] if row["key"] == key)
    return row


def last(places: Row) -> Any:
    """Of the message that is furthest in the chat."""
    return places[max(places, key=int)]


def _per_message(key: str) -> Callable[[Row], Figure]:
    """The least favourable of the lengths."""

    def measured(found: Row) -> Figure:
        lengths = map(ratio, peer(found, key)["tokens_ms"].values())
        return min(lengths, key=lambda figure: figure["median"])

    return measured


def _window(key: str) -> Callable[[Row], Figure]:
    return lambda found: ratio(last(peer(found, key)["chat_ms"])["pairs"])


def growth(found: Row) -> Figure:
    """Cost far in a chat ÷ cost at its start, of timings of one round."""
    places = found["ours"]["places_ms"]
    first = places[min(places, key=int)]
    return ratio(list(zip(first, last(places), strict=True)))


def start_s(starts: list[Figure]) -> float:
    """Import, load and first answer, seconds: the median of the processes."""
    return statistics.median(s["import_s"] + s["load_s"] + s["first_s"] for s in starts)


def peak_mb(starts: list[Figure]) -> float:
    """The most of the processes."""
    return max(start["peak_mb"] for start in starts)


def _scan(found: Row) -> Figure:
    export = found["ours"]["export"]
    return {"median": export["messages"] / export["seconds"]}


GOALS = (
    Goal("MiniLM-L6, fp32, a message, ÷ ours (the least of the lengths)", 20, True, "×",
         _per_message("minilm")),
    Goal("BERT-base over 50 messages ÷ ours", 1000, True, "×", _window("bert")),
    Goal("22 layers, int8, over 40 messages ÷ ours", 300, True, "×", _window("mmbert")),
    Goal("ours, a message far in a chat ÷ one at its start", 1.05, False, "×", growth),
    Goal("ours, most memory", 150, False, " MB",
         lambda found: {"median": peak_mb(found["ours"]["starts"])}),
    Goal("ours, import, load and first answer", 0.4, False, " s",
         lambda found: {"median": start_s(found["ours"]["starts"])}),
    Goal("ours, scan of an export on two cores", 3000, True, " messages/s", _scan),
)  # fmt: skip
