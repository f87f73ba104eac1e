"""From the cells' rows to the table: figures by model, suite, perturbation and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from safelight_training.evaluation import fairness, lab, metrics
from safelight_training.evaluation.lab import Warnings
from safelight_training.evaluation.pairs import read_pairs
from safelight_training.evaluation.real import louder, real_rows
from safelight_training.evaluation.robustness.rows import cost, hard
from safelight_training.evaluation.written import alarms_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What the cells of one model, suite and perturbation say, in the order of the chats.

    highest: (chats,) int, of Level. changed: (chats,) bool, by the perturbation.
    """

    found: Warnings
    highest: np.ndarray
    changed: np.ndarray

    def pick(self, language: str) -> Said:
        """Those of a language, or "all"."""
        mine = np.array([language in (c["language"], "all") for c in self.found.chats], bool)
        some = self.found.pick(lambda chat: language in (chat["language"], "all"))
        return Said(some, self.highest[mine], self.changed[mine])


def said(rows: Sequence[Row]) -> Said:
    """Of the rows of `cells.measure`."""
    loudest = np.array([row["loudest"] for row in rows], float)
    first, highest = (np.array([row[key] for row in rows], int) for key in ("first", "highest"))
    found = Warnings([row["chat"] for row in rows], loudest, first)
    return Said(found, highest, np.array([row["changed"] for row in rows], bool))


def by_language(everybody: Said, plain: Said) -> list[Row]:
    """One row a language, then `all`; `plain`: the same chats without the perturbation."""
    languages = sorted({chat["language"] for chat in everybody.found.chats})
    return [
        {"language": name, **_figures(everybody.pick(name), plain.pick(name))}
        for name in (*languages, "all")
    ]


def _figures(mine: Said, plain: Said) -> Row:
    found = mine.found
    risky, told = found.risky, hard(found)
    value = metrics.auroc(risky, found.loudest)
    return {
        "n": len(found.chats),
        "risky": lab.helped(found),
        "harmless": _alarms(mine.highest[~risky]),
        "hard": _alarms(mine.highest[told]),
        "auroc": None if value is None else round(value, 4),
        "early": lab.early_row(found),
        "changed": int(mine.changed.sum()),
        **cost(plain.found, found, mine.changed),
    }


def _alarms(highest: np.ndarray) -> Row:
    return {"n": len(highest), **alarms_of(highest)}


def of_groups(everybody: Said) -> list[Row]:
    """Of the suite of pairs: does it warn one group more?"""
    return list(fairness.rows(fairness.sides_of(read_pairs(), everybody.found)))


def of_corpora(everybody: Said, digests: dict[str, str]) -> Row:
    """Of real chats: alarms by corpus and pool, a chat once by the louder of its ways round."""
    return real_rows(
        louder(zip(everybody.found.chats, everybody.highest.tolist(), strict=True)), digests
    )
