"""The measures of the report: small pure functions on plain arrays (`evaluation.md`).

Places are 0-based message indices; `first` is the message of the first warning, or NEVER.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

#: Place of a warning that never came.
NEVER = -1
#: Two-sided 95% of the normal distribution.
Z = 1.959964


@dataclass(frozen=True)
class Rate:
    """A share of n cases, 0..1, with its 95% Wilson interval (0 to 1 where n = 0)."""

    n: int
    share: float
    low: float
    high: float


def wilson(k: int, n: int, z: float = Z) -> tuple[float, float]:
    """Wilson score interval of a rate seen k times in n: (low, high), both 0..1."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = k / n, z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # At k = 0 and k = n one end is exact; floats would leave a crumb there.
    low = 0.0 if k == 0 else max(0.0, centre - half)
    return low, 1.0 if k == n else min(1.0, centre + half)


def rate(hits: np.ndarray) -> Rate:
    """Share of true entries of `hits` (cases,) bool."""
    k, n = int(np.count_nonzero(hits)), len(hits)
    return Rate(n, k / n if n else 0.0, *wilson(k, n))


def first_place(loud: np.ndarray) -> int:
    """Place of the first true entry of `loud` (messages,) bool, or NEVER."""
    places = np.flatnonzero(loud)
    return int(places[0]) if len(places) else NEVER


def in_time(first: np.ndarray, first_sign: np.ndarray, warn_by: np.ndarray) -> np.ndarray:
    """(conversations,) bool: first warned at or after `first_sign` and at or before `warn_by`.

    Its share over risky conversations is the recall by harm. A warning before the first
    sign is premature, not a success, even where it still stands at `warn_by`.
    """
    return (first != NEVER) & (first >= first_sign) & (first <= warn_by)


def premature(first: np.ndarray, first_sign: np.ndarray) -> np.ndarray:
    """(conversations,) bool: first warned before `first_sign`."""
    return (first != NEVER) & (first < first_sign)


def warned(first: np.ndarray) -> np.ndarray:
    """(conversations,) bool: warned at any message."""
    return first != NEVER


def delay(first: np.ndarray, first_sign: np.ndarray) -> tuple[float, float] | None:
    """Messages from `first_sign` to the first warning: (median, 90th percentile).

    Over conversations warned at or after the first sign, late ones too; None if there is none.
    """
    behind = (first - first_sign)[warned(first) & ~premature(first, first_sign)]
    if not len(behind):
        return None
    return float(np.median(behind)), float(np.percentile(behind, 90))


def reached(highest: np.ndarray, level: int) -> np.ndarray:
    """(conversations,) bool: the highest level shown is at least `level`.

    Its share over ordinary conversations is the false alarm rate of the level.
    """
    return highest >= level


def auroc(risky: np.ndarray, score: np.ndarray) -> float | None:
    """Chance that a risky conversation scores above a harmless one; ties count half.

    `score` (conversations,): highest risk at any message. None if only one kind is there.
    """
    if risky.all() or not risky.any():
        return None
    return float(roc_auc_score(risky, score))


def precision_recall_f1(said: np.ndarray, true: np.ndarray) -> tuple[float, float, float]:
    """Of one indicator over messages, both (messages,) bool; 0 where a denominator is 0."""
    hits = float(np.count_nonzero(said & true))
    precision = hits / max(int(np.count_nonzero(said)), 1)
    recall = hits / max(int(np.count_nonzero(true)), 1)
    return precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0
