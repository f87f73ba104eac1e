"""Intervals by resampling families: chats of one family resemble each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

SAMPLES = 1000
#: Families above which nothing is drawn: it would take hours, and intervals there are narrow.
LARGEST = 5000


def families(names: Sequence[str], seed: int = 1, samples: int = SAMPLES) -> list[np.ndarray]:
    """Resampled indices of conversations, one array a sample: as many families as there are,
    drawn with replacement, each with all its conversations. None above LARGEST families."""
    order: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        order.setdefault(name, []).append(i)
    groups = [np.array(members) for members in order.values()]
    if len(groups) > LARGEST:
        return []
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(groups), (samples, len(groups))) if groups else []
    return [np.concatenate([groups[g] for g in draw]) for draw in draws]


def interval(
    measure: Callable[[np.ndarray], float | None], drawn: Sequence[np.ndarray]
) -> tuple[float, float] | None:
    """95% percentile interval of `measure` (given indices) over the samples.

    Samples on which it is not defined (None) are left out; None if that is more than half.
    """
    found = [value for value in map(measure, drawn) if value is not None]
    if 2 * len(found) < len(drawn) or not found:
        return None
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def difference(
    measure: Callable[[np.ndarray, np.ndarray], float | None],
    one: np.ndarray,
    other: np.ndarray,
    drawn: Sequence[np.ndarray],
) -> tuple[float, float] | None:
    """Interval of measure(one) − measure(other) over the same samples, for two systems.

    measure(values, indices): of one system's values by conversation.
    """

    def gap(indices: np.ndarray) -> float | None:
        a, b = measure(one, indices), measure(other, indices)
        return None if a is None or b is None else a - b

    return interval(gap, drawn)
