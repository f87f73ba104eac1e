"""Roblox Sentinel's method, written from its public description (Roblox/Sentinel, README).

Each message of a source is compared with an index of rare (risky) and one of common messages; the
ratio of its similarities is the message's score, and the skewness of the recent scores that of
the source.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import skew

from safelight_training.evaluation.baselines.sentences import Encode, texts_of
from safelight_training.evaluation.baselines.windows import apart

Chat = dict[str, Any]
#: Nearest examples that count, recent messages that are aggregated, and the least of them.
NEAREST, RECENT, LEAST = 5, 50, 3
FLOOR = 0.01


class Sentinel:
    """Score: skewness of how much nearer the other side's recent messages are to risky ones."""

    name = "Sentinel's method"

    def __init__(
        self, encode: Encode, seed: int = 1, positives: int = 4000, negatives: int = 8000
    ) -> None:
        self.encode, self.seed = encode, seed
        self.sizes = (positives, negatives)

    def fit(self, chats: Sequence[Chat]) -> Sentinel:
        rare, common = set(), set()
        for chat in chats:
            for message in chat["messages"]:
                if message["sender"] != "self" and message["text"]:
                    (rare if message.get("indicators") else common).add(message["text"])
        rng = random.Random(f"sentinel/{self.seed}")
        self.index = tuple(
            self.encode(rng.sample(sorted(texts), min(size, len(texts))))
            for texts, size in zip((rare, common - rare), self.sizes, strict=True)
        )
        return self

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        texts = texts_of(chats)
        vectors = self.encode(texts)
        flat = np.concatenate(
            [self._of_messages(vectors[at : at + 512]) for at in range(0, len(texts), 512)]
        )
        parts = zip(chats, apart(flat, chats), strict=True)
        return [self._of_source(chat["messages"], found) for chat, found in parts]

    def _of_messages(self, vectors: np.ndarray) -> np.ndarray:
        """(messages,) log of the ratio of similarities, 0 where the common ones are nearer."""
        rare, common = (
            np.sort(vectors @ index.T, axis=1)[:, -NEAREST:].mean(1) for index in self.index
        )
        ratio = np.maximum(rare, FLOOR) / np.maximum(common, FLOOR)
        return np.maximum(np.log(ratio), 0.0)

    @staticmethod
    def _of_source(messages: Sequence[dict[str, Any]], found: np.ndarray) -> np.ndarray:
        recent: list[float] = []
        result = np.zeros(len(messages))
        for i, message in enumerate(messages):
            if message["sender"] != "self":
                recent = [*recent, float(found[i])][-RECENT:]
            flat = len(recent) < LEAST or np.ptp(recent) == 0
            result[i] = 0.0 if flat else float(skew(recent))
        return result
