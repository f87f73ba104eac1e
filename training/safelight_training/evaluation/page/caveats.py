"""What the figures on ordinary real chats leave open: the same words on every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from safelight_training.crossfit_table import KNOWING, STRANGERS
from safelight_training.evaluation.goals import REAL as GOALS
from safelight_training.evaluation.markdown import interval, percent

Row = dict[str, Any]
#: What the talk of a corpus is, where it is worth saying.
KINDS = {"chitchat_byu": "strangers talk about their lives"}


def of_ordinary(report: Row, strangers: Row | None) -> Iterator[str]:
    """A sentence or two each; none without real chats."""
    real = report["real"]
    if not real:
        return
    if strangers:
        yield _budget(strangers)
    yield _urgent(next(row for row in real["pooled"] if row["pool"] == "all"))
    heard = {row["language"] for row in real["corpora"]}
    if missing := [f"`{name}`" for name in report["languages"] if name not in heard]:
        yield (
            f"No ordinary real chat here is in {' or '.join(missing)}: what ordinary talk in "
            "these sets off was measured on invented chats alone."
        )


def plain(strangers: Row) -> str:
    """The first of them for people who know none of the measures."""
    strange, corpus = _rate(strangers, STRANGERS), _loudest(strangers)
    return (
        "In talk unlike any that was collected it may warn more often: small stand-ins for it, "
        f"trained without a collection, warn in {100 * strange['share']:.1f}% of its chats, and in "
        f"{100 * corpus['strange']['share']:.1f}% of the one {_where(corpus)}."
    )


def _budget(strangers: Row) -> str:
    corpus = _loudest(strangers)
    return (
        f"That ordinary chats are warned in at most {_goal(GOALS['warning'])} is shown for talk "
        "like that of the corpora that were there, not for kinds of talk that nobody collected. "
        f"Students of one light pass (data {strangers['data_version']}) that do not know a corpus "
        f"warn in {_range(_rate(strangers, STRANGERS))} of its chats, at the threshold at which "
        f"those that know it warn in {_range(_rate(strangers, KNOWING))}; most in the one "
        f"{_where(corpus)} (`{corpus['corpus']}`): {_range(corpus['strange'])}."
    )


def _urgent(everybody: Row) -> str:
    rate, n, most = everybody["urgent"], everybody["n"], GOALS["urgent"]
    told = round(rate["share"] * n)
    verdict = "met" if told <= most * n else "missed"
    return (
        f"Of {n:,} ordinary real chats {told} are told as urgent, "
        f"{_range(rate)}: the goal, at most {_goal(most)}, is {verdict}."
    )


def _rate(strangers: Row, pool: str) -> Row:
    return dict(next(row["at_threshold"] for row in strangers["rows"] if row["pool"] == pool))


def _loudest(strangers: Row) -> Row:
    """By the lower end of its interval: two alarms in a few dozen chats tell little."""
    return max(strangers["corpora"], key=lambda row: row["strange"]["low"])


def _where(corpus: Row) -> str:
    return f"in which {KINDS.get(corpus['corpus'], 'it is loudest')}"


def _range(rate: Row) -> str:
    return f"{percent(rate, 2)} {interval(rate, 2)}"


def _goal(share: float) -> str:
    return f"{100 * share:g}%"
