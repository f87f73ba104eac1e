"""Does a probability mean what it says? Reliability, expected calibration error, Brier score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss

BINS = 15
#: Messages (1-based) after which a chat's risks are judged; a chat also counts at its last message.
FIXED = (5, 10, 20, 40, 80)


@dataclass(frozen=True)
class Bin:
    """Mean probability said and share of true cases among the n of one bin, 0..1."""

    n: int
    said: float
    true: float


def reliability(probability: np.ndarray, true: np.ndarray, bins: int = BINS) -> list[Bin]:
    """Bins of equal mass, in rising order; both arguments (cases,), 0..1 and bool."""
    order = np.argsort(probability, kind="stable")
    parts = (part for part in np.array_split(order, bins) if len(part))
    return [Bin(len(p), float(probability[p].mean()), float(true[p].mean())) for p in parts]


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance of what was said from what was true, by the mass of each bin (0..1)."""
    total = sum(b.n for b in bins)
    return sum(b.n * abs(b.said - b.true) for b in bins) / total if total else 0.0


def brier(probability: np.ndarray, true: np.ndarray) -> float:
    """Mean squared distance from 0 or 1."""
    return float(brier_score_loss(true, probability)) if len(true) else 0.0


def judged(conversation: dict[str, Any], risk: str | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Places judged in a chat, and whether the arc is active there: (k,) int, (k,) bool.

    Active: from `first_sign` on, inside the span of `risk` (of any risk where it is None). A ramp
    is a target of training, not a truth; so the label here is hard.
    """
    n = len(conversation["messages"])
    places = sorted({min(k, n) - 1 for k in FIXED if k <= n} | {n - 1})
    spans = conversation.get("risks") or {}
    mine = [span for name, span in spans.items() if span and risk in (None, name)]
    active = [any(first <= i <= last for first, last in mine) for i in places]
    return np.array(places, int), np.array(active, bool)
