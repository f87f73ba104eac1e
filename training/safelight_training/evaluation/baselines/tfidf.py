"""TF-IDF of character n-grams and logistic regression over the recent messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from safelight_training.evaluation.baselines.windows import apart, ends, labels, recent_sum

Chat = dict[str, Any]
SIZE = 20
#: Chats whose windows are in memory at once.
BATCH = 400


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
        parts, targets = [], []
        for batch in _batches(chats):
            counts = self._counts(batch)
            starts = np.concatenate(([0], np.cumsum([len(c["messages"]) for c in batch])))
            picked = ends(batch, self.per_chat, self.seed)
            parts.append(counts[[starts[number] + place for number, place in picked]])
            risky = [labels(chat) for chat in batch]
            targets += [bool(risky[number][place]) for number, place in picked]
        self.model.fit(self.weight.fit_transform(sparse.vstack(parts)), targets)
        return self

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        found: list[np.ndarray] = []
        for batch in _batches(chats):
            windows = self.weight.transform(self._counts(batch))
            found += apart(self.model.predict_proba(windows)[:, 1], batch)
        return found

    def _counts(self, chats: Sequence[Chat]) -> sparse.csr_matrix:
        """Counts over the window that ends at each message; a mark says who spoke."""
        texts = [
            f"{'>' if m['sender'] == 'self' else '<'} {m['text']}"
            for chat in chats for m in chat["messages"]
        ]  # fmt: skip
        window = recent_sum([len(chat["messages"]) for chat in chats], SIZE)
        return window @ self.vectorizer.transform(texts)


def _batches(chats: Sequence[Chat]) -> Iterator[Sequence[Chat]]:
    for at in range(0, len(chats), BATCH):
        yield chats[at : at + BATCH]
