"""Every measure of a system over conversations, from plain arrays (`evaluation.md`).

scores   one (messages,) array a chat: the risk said after each message
first    (chats,) int: place of the first warning, or NEVER
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from safelight_training.evaluation import bootstrap, early, metrics, prevalence
from safelight_training.evaluation.metrics import Rate

Row = dict[str, Any]
Chat = dict[str, Any]
#: Acts before whose first occurrence a warning is asked for, besides `warn_by`.
BEFORE = ("image_request", "share_threat", "payment_demand")
ERDE_AT = (5, 50)


@dataclass(frozen=True)
class Warnings:
    """What a system did: `loudest` (chats,) its highest score in each, `first` see above."""

    chats: Sequence[Chat]
    loudest: np.ndarray
    first: np.ndarray

    def pick(self, keep: Callable[[Chat], bool]) -> Warnings:
        """Those of some chats."""
        mine = [i for i, chat in enumerate(self.chats) if keep(chat)]
        return Warnings([self.chats[i] for i in mine], self.loudest[mine], self.first[mine])

    @property
    def risky(self) -> np.ndarray:
        return np.array([chat["label"] != "none" for chat in self.chats], bool)

    def marks(self) -> tuple[np.ndarray, np.ndarray]:
        """`first_sign` and `warn_by`, (chats,) int; all chats must be risky."""
        return tuple(  # type: ignore[return-value]
            np.array([chat[name] for chat in self.chats], int) for name in ("first_sign", "warn_by")
        )

    def in_time(self) -> np.ndarray:
        """(chats,) bool: warned in time; false for harmless ones and those without marks."""
        marked = self.risky & np.array([c.get("first_sign") is not None for c in self.chats], bool)
        sign, by = (
            np.array([c.get(mark) or 0 for c in self.chats], int)
            for mark in ("first_sign", "warn_by")
        )
        return metrics.in_time(self.first, sign, by) & marked


def warnings(
    chats: Sequence[Chat], scores: Sequence[np.ndarray], threshold: float
) -> Warnings:  # fmt: skip
    """A warning comes where the score first reaches the threshold."""
    first = np.array([metrics.first_place(s >= threshold) for s in scores], int)
    loudest = np.array([float(s.max(initial=-np.inf)) for s in scores])
    return Warnings(chats, loudest, first)


def rate_of(hits: np.ndarray) -> Row:
    """share, low, high (0..1, four digits) of the true ones of `hits`; n stands in the row."""
    return rounded(metrics.rate(hits))


def rounded(rate: Rate) -> Row:
    """The same of a rate that is known."""
    return {key: round(value, 4) for key, value in asdict(rate).items() if key != "n"}


def helped(found: Warnings) -> Row:
    """The row of risky chats: recall by harm, before which act, premature, delay.

    `n`: all risky ones, of which `warned` tells; `marked`: those with both marks, of which the rest
    tells (null where there is none).
    """
    risky = found.pick(lambda chat: chat["label"] != "none")
    marked = risky.pick(lambda chat: chat.get("first_sign") is not None)
    row: Row = {
        "n": len(risky.chats), "marked": len(marked.chats),
        "warned": rate_of(metrics.warned(risky.first)),
    }  # fmt: skip
    if not marked.chats:
        return {**row, "recall": None, "before": None, "premature": None, "delay": None}
    sign, by = marked.marks()
    return {
        **row,
        "recall": rate_of(metrics.in_time(marked.first, sign, by)),
        "before": {name: before(marked, name) for name in BEFORE},
        "premature": rate_of(metrics.premature(marked.first, sign)),
        "delay": delay(marked),
    }


def before(risky: Warnings, act: str) -> Row | None:
    """Warned from the first sign on and before the first message labelled with `act`.

    Only chats whose first sign comes earlier than that message can be helped so and count; None
    where no chat has both.
    """
    hits = []
    for chat, first in zip(risky.chats, risky.first, strict=True):
        places = [i for i, m in enumerate(chat["messages"]) if act in m.get("indicators", ())]
        if places and chat["first_sign"] < places[0]:
            hits.append(chat["first_sign"] <= first < places[0])
    return {"n": len(hits), **rate_of(np.array(hits, bool))} if hits else None


def delay(risky: Warnings) -> Row | None:
    """From the first sign to the first warning, late ones too: messages, and minutes where the
    chat has times; median and 90th percentile. None if nothing was warned."""
    sign, _ = risky.marks()
    found = metrics.delay(risky.first, sign)
    if found is None:
        return None
    minutes = []
    for chat, first, start in zip(risky.chats, risky.first, sign, strict=True):
        times = [m.get("offset_s") for m in chat["messages"]]
        if first >= start and None not in (times[first], times[start]):
            minutes.append((times[first] - times[start]) / 60)
    row: Row = {"median": found[0], "p90": round(found[1], 1), "minutes": None}
    if minutes:
        middle, late = np.percentile(minutes, (50, 90))
        timed = {"n": len(minutes), "median": round(float(middle), 1), "p90": round(float(late), 1)}
        row["minutes"] = timed
    return row


def ranking(found: Warnings, seed: int = 1) -> Row:
    """AUROC and average precision of the highest score, intervals by resampled families.

    Without intervals where there are too many families (`bootstrap.LARGEST`).
    """
    risky, loudest = found.risky, found.loudest
    drawn = bootstrap.families([chat["family"] for chat in found.chats], seed)

    def of(measure: Callable[[np.ndarray, np.ndarray], float | None]) -> Row | None:
        def at(indices: np.ndarray) -> float | None:
            return measure(risky[indices], loudest[indices])

        value = at(np.arange(len(risky)))
        if value is None:
            return None
        ends = bootstrap.interval(at, drawn)
        low, high = (ends and (round(end, 4) for end in ends)) or (None, None)
        return {"value": round(value, 4), "low": low, "high": high}

    return {"n": len(risky), "auroc": of(metrics.auroc), "average_precision": of(average_precision)}


def average_precision(risky: np.ndarray, score: np.ndarray) -> float | None:
    """Area under precision over recall; None if only one kind is there."""
    if not len(risky) or risky.all() or not risky.any():
        return None
    return float(average_precision_score(risky, score))


def early_row(found: Warnings) -> Row:
    """F_latency with its p, and ERDE at 5 and 50."""
    values = {
        name: round(value, 6)
        for name, value in asdict(early.latency(found.risky, found.first)).items()
    }
    errors = {f"erde_{o}": round(early.erde(found.risky, found.first, o), 4) for o in ERDE_AT}
    return {"n": len(found.chats), **values, **errors}


def worth(recall: Rate, false_alarms: Rate) -> list[Row]:
    """Precision where 1 chat in 100, 1,000, 10,000 is risky."""
    rows = []
    for share in prevalence.PREVALENCES:
        value = prevalence.precision(recall.share, false_alarms.share, share)
        low, high = prevalence.precision_bounds(recall, false_alarms, share)
        row = {"prevalence": share, "precision": None if value is None else round(value, 4)}
        rows.append({**row, "low": round(low, 4), "high": round(high, 4)})
    return rows


def mcnemar(one: np.ndarray, other: np.ndarray) -> Row:
    """Exact McNemar test of two systems on the same cases, both (cases,) bool.

    only_one, only_other: cases that one alone gets; p: two-sided binomial (1 without any such).
    """
    from scipy.stats import binomtest

    a, b = int((one & ~other).sum()), int((~one & other).sum())
    p = float(binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0
    return {"n": len(one), "only_one": a, "only_other": b, "p": round(p, 4)}


def alarms(found: Warnings) -> Rate:
    """Share of harmless chats warned."""
    return metrics.rate(metrics.warned(found.pick(lambda chat: chat["label"] == "none").first))
