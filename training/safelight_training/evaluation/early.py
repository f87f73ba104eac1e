"""How early a warning comes, as others publish it: eSPD's F_latency, and ERDE.

Places are 0-based message indices, `first` the message of the first warning or NEVER.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from safelight_training.evaluation.metrics import NEVER, warned

#: Growth of the latency penalty (Vogt, Leser, Akbik 2021): half of the speed is lost at message 90.
P = math.log(3) / 89


def penalty(k: np.ndarray, p: float = P) -> np.ndarray:
    """Of a warning at message k (1-based): −1 + 2 / (1 + exp(−p·(k − 1))); 0 at k = 1, below 1.

    Sadeque, Xu, Bethard 2018; used for grooming by Vogt et al. 2021.
    """
    return -1 + 2 / (1 + np.exp(-p * (np.asarray(k, float) - 1)))


@dataclass(frozen=True)
class Latency:
    """f1 · speed = f_latency, all 0..1; `p` is always stated with them."""

    f1: float
    speed: float
    f_latency: float
    p: float


def latency(risky: np.ndarray, first: np.ndarray, p: float = P) -> Latency:
    """F1 of conversations warned at any message, times 1 − median penalty of the true ones.

    risky (conversations,) bool; first (conversations,) int. A premature warning of a risky
    conversation counts as true here, as in the published protocol.
    """
    risky, loud = np.asarray(risky, bool), warned(np.asarray(first))
    true = int((risky & loud).sum())
    if true == 0:
        return Latency(0.0, 0.0, 0.0, p)
    f1 = 2 * true / (int(risky.sum()) + int(loud.sum()))
    speed = 1 - float(np.median(penalty(np.asarray(first)[risky & loud] + 1, p)))
    return Latency(f1, speed, f1 * speed, p)


def erde(risky: np.ndarray, first: np.ndarray, o: int) -> float:
    """Early risk detection error (Losada, Crestani 2016), mean over conversations, 0..1 (0 best).

    A false alarm costs the share of risky conversations, a miss 1, a true warning at message k
    (1-based) 1 − 1 / (1 + e^(k − o)).
    """
    risky, first = np.asarray(risky, bool), np.asarray(first)
    if not len(risky):
        return 0.0
    loud = first != NEVER
    cost = np.zeros(len(risky))
    cost[risky & ~loud] = 1.0
    cost[~risky & loud] = risky.mean()
    late = np.clip(first[risky & loud] + 1.0 - o, -500, 500)
    cost[risky & loud] = 1 - 1 / (1 + np.exp(late))
    return float(cost.mean())
