"""An encoder learns from real chat which message answers which."""

from __future__ import annotations

import random
from copy import deepcopy

import numpy as np
import pytest
import torch

from safelight_training.batches import Encoded, pad_ids
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import N_LABELS
from safelight_training.pretrain import AT_ONCE, adapt, batches_of, loss_of, pairs_of


def chat(ids: list[list[int]], sender: list[float]) -> Encoded:
    n = len(ids)
    nothing, labels = np.zeros((n, 2), np.float32), np.zeros((n, N_LABELS), np.float32)
    return Encoded(ids, np.array(sender), np.full(n, -1.0), labels, labels, nothing, nothing)


def test_a_pair_is_a_message_and_what_the_other_side_says_next() -> None:
    said = chat([[1], [2], [3], [], [5], [6]], [0, 0, 1, 0, 1, 0])
    assert list(pairs_of(said)) == [([2], [3]), ([5], [6])]


def test_batches_are_of_one_language_and_hold_each_pair_once() -> None:
    pairs = {"en": [([i], [i]) for i in range(300)], "de": [([1000 + i], [7]) for i in range(200)]}
    groups = batches_of(pairs, 10**6, random.Random(1))
    assert all(len({pair[0][0] >= 1000 for pair in group}) == 1 for group in groups)
    assert sorted(p[0][0] for g in groups for p in g) == [*range(300), *range(1000, 1200)]
    assert max(map(len, groups)) <= AT_ONCE
    fewer = batches_of(pairs, 100, random.Random(1))
    assert sum(map(len, fewer)) == 100


def test_loss_by_hand() -> None:
    rows = torch.eye(2)
    assert loss_of(rows, rows).item() == pytest.approx(np.log1p(np.exp(-20.0)), abs=1e-6)
    assert loss_of(rows, rows.flip(0)).item() == pytest.approx(20.0, rel=1e-6)


def test_it_learns_the_same_twice_and_leaves_the_table() -> None:
    rng = np.random.default_rng(1)
    topics = rng.integers(3, 40, (12, 4)).tolist()
    chats = [chat([topic, topic[::-1]], [1.0, 0.0]) for topic in topics for _ in range(100)]
    torch.manual_seed(2)
    untrained = UseM3(40)
    one, two = (deepcopy(untrained) for _ in range(2))
    assert adapt(one, {"en": chats, "fr": chats[:2]}, 1) == adapt(
        two, {"en": chats, "fr": chats[:2]}, 1
    )

    def loss(encoder: UseM3) -> float:
        with torch.no_grad():
            sides = (topics, [t[::-1] for t in topics])
            return loss_of(*(encoder.eval()(*pad_ids(side)) for side in sides)).item()

    assert loss(one) == loss(two) < loss(untrained)
    before, after = untrained.state_dict(), one.state_dict()
    moved = {name for name, weight in after.items() if not torch.equal(weight, before[name])}
    assert moved
    assert "embedding.weight" not in moved
