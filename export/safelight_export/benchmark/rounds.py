"""Timing in pairs: ours and a peer in turn, so that what slows the machine slows both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Run = Callable[[], object]
#: Milliseconds of ours and of the peer, measured one right after the other.
Pair = tuple[float, float]
RESAMPLES = 2000
#: Digits behind the point of a millisecond.
DIGITS = 5


def sample(run: Run, least_s: float) -> float:
    """Milliseconds a call: the median of the calls that fit into `least_s`, at least one.

    The first call warms the caches and does not count, unless it alone takes `least_s`.
    """
    first = _once(run)
    if first >= 1e3 * least_s:
        return first
    times, until = [_once(run)], time.perf_counter() + least_s
    while time.perf_counter() < until:
        times.append(_once(run))
    return round(statistics.median(times), DIGITS)


def _once(run: Run) -> float:
    start = time.perf_counter()
    run()
    return round(1e3 * (time.perf_counter() - start), DIGITS)


def paired(
    ours: Run, peers: Mapping[str, Run], rounds: int, least_s: float
) -> dict[str, list[Pair]]:
    """For each peer one pair a round; who is first changes from round to round."""
    found: dict[str, list[Pair]] = {name: [] for name in peers}
    for turn in range(rounds):
        for name, run in peers.items():
            if turn % 2:
                theirs = sample(run, least_s)
                found[name].append((sample(ours, least_s), theirs))
            else:
                mine = sample(ours, least_s)
                found[name].append((mine, sample(run, least_s)))
    return found


def middle(pairs: Sequence[Sequence[float]], side: int) -> float:
    """Median of one side; 0 ours, 1 the peer."""
    return statistics.median(pair[side] for pair in pairs)


def ratio(pairs: Sequence[Sequence[float]]) -> dict[str, float]:
    """How many times as long the peer takes: the median of the pairs' ratios, and the interval
    that holds 95% of the medians of resampled pairs."""
    ratios = np.array([theirs / ours for ours, theirs in pairs])
    draws = np.random.default_rng(1).integers(0, len(ratios), (RESAMPLES, len(ratios)))
    low, high = np.percentile(np.median(ratios[draws], axis=1), (2.5, 97.5))
    return {"median": float(np.median(ratios)), "low": float(low), "high": float(high)}
