"""Logistic regression over frozen sentence embeddings of the recent messages of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from safelight_training.evaluation.baselines.sentences import Encode, texts_of
from safelight_training.evaluation.baselines.windows import apart, ends, labels, recent_sum

Chat = dict[str, Any]
SIZE = 20
BATCH = 400


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
        parts, targets = [], []
        for at in range(0, len(chats), BATCH):
            batch = chats[at : at + BATCH]
            starts = np.concatenate(([0], np.cumsum([len(c["messages"]) for c in batch])))
            picked = ends(batch, self.per_chat, self.seed)
            parts.append(self._vectors(batch)[[starts[n] + place for n, place in picked]])
            risky = [labels(chat) for chat in batch]
            targets += [bool(risky[number][place]) for number, place in picked]
        self.model.fit(np.concatenate(parts), targets)
        return self

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        found: list[np.ndarray] = []
        for at in range(0, len(chats), BATCH):
            batch = chats[at : at + BATCH]
            found += apart(self.model.predict_proba(self._vectors(batch))[:, 1], batch)
        return found

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
