"""Logistic regression over frozen sentence embeddings of the recent messages of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from safelight_training.evaluation.baselines.sentences import Encode, texts_of
from safelight_training.evaluation.baselines.windows import recent_sum, sampled, scored

Chat = dict[str, Any]
SIZE = 20


class Frozen:
    """Score: the probability that the last SIZE messages are risky, 0..1.

    Read are the mean vector of the other side, that of the owner, and the last message.
    """

    def __init__(self, name: str, encode: Encode, seed: int = 1, per_chat: int = 2) -> None:
        self.name, self.encode, self.seed, self.per_chat = name, encode, seed, per_chat
        self.model = make_pipeline(
            StandardScaler(), LogisticRegression(C=0.01, max_iter=300, class_weight="balanced")
        )

    def fit(self, chats: Sequence[Chat]) -> Frozen:
        parts, targets = sampled(chats, self._vectors, self.per_chat, self.seed)
        self.model.fit(np.concatenate(parts), targets)
        return self

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        return scored(chats, self._probability)

    def _probability(self, chats: Sequence[Chat]) -> np.ndarray:
        return self.model.predict_proba(self._vectors(chats))[:, 1]

    def _vectors(self, chats: Sequence[Chat]) -> np.ndarray:
        """(messages, 3 · size) float32 over the window that ends at each message."""
        vectors = self.encode(texts_of(chats)).astype(np.float32)
        window = recent_sum([len(chat["messages"]) for chat in chats], SIZE)
        mine = np.array([m["sender"] == "self" for c in chats for m in c["messages"]], np.float32)
        means = []
        for side in (1 - mine, mine):
            count = np.maximum(window @ side, 1)
            means.append((window @ (vectors * side[:, None])) / count[:, None])
        return np.concatenate([*means, vectors], axis=1)
