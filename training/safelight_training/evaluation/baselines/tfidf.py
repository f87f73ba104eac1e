"""TF-IDF of character n-grams and logistic regression over the recent messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from safelight_training.evaluation.baselines.windows import recent_sum, sampled, scored

Chat = dict[str, Any]
SIZE = 20


class Tfidf:
    """Score: the probability that the last SIZE messages are risky, 0..1."""

    name = "TF-IDF and logistic regression"

    def __init__(self, seed: int = 1, per_chat: int = 2, features: int = 2**18) -> None:
        self.seed, self.per_chat = seed, per_chat
        self.vectorizer = HashingVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), n_features=features, norm=None,
            alternate_sign=False, dtype=np.float32,
        )  # fmt: skip
        self.weight = TfidfTransformer(sublinear_tf=True)
        self.model = LogisticRegression(C=10.0, max_iter=200, class_weight="balanced")

    def fit(self, chats: Sequence[Chat]) -> Tfidf:
        parts, targets = sampled(chats, self._counts, self.per_chat, self.seed)
        self.model.fit(self.weight.fit_transform(sparse.vstack(parts)), targets)
        return self

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        return scored(chats, self._probability)

    def _probability(self, chats: Sequence[Chat]) -> np.ndarray:
        return self.model.predict_proba(self.weight.transform(self._counts(chats)))[:, 1]

    def _counts(self, chats: Sequence[Chat]) -> sparse.csr_matrix:
        """Counts over the window that ends at each message; a mark says who spoke."""
        texts = [
            f"{'>' if m['sender'] == 'self' else '<'} {m['text']}"
            for chat in chats for m in chat["messages"]
        ]  # fmt: skip
        window = recent_sum([len(chat["messages"]) for chat in chats], SIZE)
        return window @ self.vectorizer.transform(texts)
