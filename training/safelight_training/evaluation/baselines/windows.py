"""What the trained peers share: windows of recent messages, their labels, and a sample of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from safelight_training.targets import risk_targets

Chat = dict[str, Any]
#: A window is risky where the training target of either risk is at least this.
RISKY = 0.5
BATCH = 400


def labels(chat: Chat) -> np.ndarray:
    """(messages,) bool: is the window that ends here risky?"""
    return risk_targets(chat).max(1) >= RISKY


def ends(chats: Sequence[Chat], per_chat: int, seed: int) -> list[tuple[int, int]]:
    """(chat, message) where windows for training end: the last message of each chat, and others.

    Of a risky chat up to `per_chat` of each label, so that what comes before the first sign is
    seen as harmless.
    """
    rng = random.Random(f"windows/{seed}")
    found = []
    for number, chat in enumerate(chats):
        risky = labels(chat)
        picked = {len(risky) - 1}
        for wanted in (False, True):
            places = np.flatnonzero(risky == wanted).tolist()
            picked.update(rng.sample(places, min(per_chat, len(places))))
        found += [(number, place) for place in sorted(picked)]
    return found


def recent_sum(lengths: Sequence[int], size: int) -> sparse.csr_matrix:
    """(messages, messages) 0/1 over all chats laid end to end: row i sums the last `size` messages
    of the same chat up to i."""
    rows, columns, start = [], [], 0
    for n in lengths:
        for i in range(n):
            first = max(0, i + 1 - size)
            rows += [start + i] * (i + 1 - first)
            columns += range(start + first, start + i + 1)
        start += n
    data = np.ones(len(rows), np.float32)
    return sparse.csr_matrix((data, (rows, columns)), shape=(start, start))


def apart(flat: np.ndarray, chats: Sequence[Chat]) -> list[np.ndarray]:
    """Values of all messages laid end to end → one array a chat."""
    edges = np.cumsum([len(chat["messages"]) for chat in chats])[:-1]
    return np.split(flat, edges)


def sampled(
    chats: Sequence[Chat], rows_of: Callable[[Sequence[Chat]], Any], per_chat: int, seed: int
) -> tuple[list[Any], list[bool]]:
    """Windows to learn from: parts of rows, one a batch of chats, and the label of each row.

    rows_of: chats → one row a message, of the window that ends there.
    """
    parts, targets = [], []
    for batch in batches(chats):
        starts = np.concatenate(([0], np.cumsum([len(c["messages"]) for c in batch])))
        picked = ends(batch, per_chat, seed)
        parts.append(rows_of(batch)[[starts[number] + place for number, place in picked]])
        risky = [labels(chat) for chat in batch]
        targets += [bool(risky[number][place]) for number, place in picked]
    return parts, targets


def scored(chats: Sequence[Chat], flat: Callable[[Sequence[Chat]], np.ndarray]) -> list[np.ndarray]:
    """Scores chat by chat; `flat`: chats → those of all their messages laid end to end."""
    return [part for batch in batches(chats) for part in apart(flat(batch), batch)]


def batches(chats: Sequence[Chat]) -> Iterator[Sequence[Chat]]:
    """Chats whose windows are in memory at once."""
    for at in range(0, len(chats), BATCH):
        yield chats[at : at + BATCH]
