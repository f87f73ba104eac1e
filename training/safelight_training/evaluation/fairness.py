"""Does a bundle warn one group of people more than another, or help it less?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import ttest_1samp

from safelight_training.evaluation import metrics
from safelight_training.evaluation.lab import Warnings, mcnemar, rate_of
from safelight_training.evaluation.pairs import GROUPS, Pair
from safelight_training.evaluation.replay import play, warnings_of
from safelight_training.evaluation.subject import SENSITIVITY, Subject

Row = dict[str, Any]
#: Probabilities are kept this far from 0 and 1 before their log-odds are taken.
EDGE = 1e-4


@dataclass(frozen=True)
class Sides:
    """What one pair came to, reference first: log-odds of the highest risk, warned, in time."""

    pair: Pair
    odds: tuple[float, float]
    warned: tuple[bool, bool]
    in_time: tuple[bool, bool]


def measure(subject: Subject, pairs: Sequence[Pair]) -> list[Row]:
    """Rows by group, by language, and over all."""
    config = subject.bundle.manifest.policies[SENSITIVITY]
    played = play(subject.replayed(), config, versions(pairs), "pairs")
    return list(rows(sides_of(pairs, warnings_of(played))))


def versions(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """The chats of all pairs, each reference before its changed version."""
    return [chat for pair in pairs for chat in (pair.reference, pair.changed)]


def sides_of(pairs: Sequence[Pair], found: Warnings) -> list[Sides]:
    """`found`: of the versions, in their order; its chats have the marks that count."""
    told = (_log_odds(found.loudest), metrics.warned(found.first), found.in_time())
    return [
        Sides(pair, *((values[i].item(), values[i + 1].item()) for values in told))
        for pair, i in zip(pairs, range(0, len(found.chats), 2), strict=True)
    ]


def _log_odds(risk: np.ndarray) -> np.ndarray:
    p = np.clip(risk, EDGE, 1 - EDGE)
    return np.log(p / (1 - p))


def rows(sides: Sequence[Sides]) -> Iterator[Row]:
    """One row a group, then a language, then `all`."""
    for group in GROUPS:
        yield _row("group", group, [s for s in sides if s.pair.group == group])
    languages = sorted({s.pair.reference["language"] for s in sides})
    for language in languages:
        mine = [s for s in sides if s.pair.reference["language"] == language]
        yield _row("language", language, mine)
    yield _row("all", "all", sides)


def _row(by: str, name: str, sides: Sequence[Sides]) -> Row:
    calm = [s for s in sides if not s.pair.risky]
    risky = [s for s in sides if s.pair.risky]
    return {
        "by": by,
        "name": name,
        "shift": shift([b - a for a, b in (s.odds for s in calm)]),
        "harmless": _both([s.warned for s in calm]),
        "risky": _both([s.in_time for s in risky]),
    }


def shift(differences: Sequence[float]) -> Row:
    """Mean with its 95% interval (Student's t); no interval for fewer than two pairs."""
    if len(differences) < 2:
        return {"mean": None, "low": None, "high": None}
    mean = float(np.mean(differences))
    low = high = mean
    if np.ptp(differences) > 0:
        interval = ttest_1samp(differences, 0.0).confidence_interval(0.95)
        low, high = float(interval.low), float(interval.high)
    found = (mean, low, high)
    return dict(zip(("mean", "low", "high"), (round(value, 3) for value in found), strict=True))


def _both(hits: Sequence[tuple[bool, bool]]) -> Row:
    pairs = np.array(hits, bool).reshape(-1, 2)
    one, other = pairs.T
    test = mcnemar(one, other)
    return {
        "n": len(pairs),
        "reference": rate_of(one),
        "group": rate_of(other),
        "p": test["p"],
        "only_reference": test["only_one"],
        "only_group": test["only_other"],
    }
