"""Conversations become padded arrays, and every message's vector lands in its own slot."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from safelight_export.prune_vocab import build_tokenizer
from safelight_export.text_table import build_table
from safelight_training import batches as module
from safelight_training.batches import (
    BUCKETS,
    Batch,
    Encoded,
    Encoder,
    batches,
    collate,
    encode_batch,
    pad_ids,
)


def encoded(lengths: list[int], start: int = 1) -> Encoded:
    """One conversation; message i has lengths[i] tokens, all of them the number start + i."""
    n = len(lengths)
    ids = [[start + i] * length for i, length in enumerate(lengths)]
    by_message = np.arange(start, start + n, dtype=np.float32)
    labels = np.repeat(by_message[:, None], 26, 1)
    risks, weight = labels[:, :2] + 2, labels[:, :2] + 0.5
    return Encoded(ids, by_message, by_message * 10, labels, labels + 1, risks, weight)


class First:
    """Stands for the student: the vector of a message is its first token and its length."""

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        return torch.stack([ids[:, 0].float(), mask.sum(1).float()], -1)


GROUP = [encoded([4, 64, 12, 13]), encoded([8, 18]), encoded([28, 40, 1], start=50)]


def test_every_vector_lands_in_its_slot() -> None:
    found = encode_batch(First(), collate(GROUP))
    expected = torch.zeros(3, 4, 2)
    for row, conversation in enumerate(GROUP):
        for t, ids in enumerate(conversation.ids):
            expected[row, t] = torch.tensor([float(ids[0]), float(len(ids))])
    assert torch.equal(found, expected)


def test_the_order_names_each_slot_of_a_message_once() -> None:
    batch = collate(GROUP)
    slots = [row * 4 + t for row, c in enumerate(GROUP) for t in range(len(c))]
    assert sorted(batch.order.tolist()) == slots
    assert batch.valid.flatten().nonzero().flatten().tolist() == slots


def test_messages_are_padded_within_their_bucket_only() -> None:
    widths = [ids.shape[1] for ids, _ in collate(GROUP).messages]
    assert len(widths) == len(BUCKETS)
    assert all(width <= bucket for width, bucket in zip(widths, BUCKETS, strict=True))


@pytest.mark.parametrize(
    ("name", "fill"),
    [
        ("sender", 0.0),
        ("gap_s", -1.0),
        ("labels", 0.0),
        ("label_mask", 0.0),
        ("risks", 0.0),
        ("risk_weight", 1.0),
    ],
)
def test_arrays_are_padded_at_the_end(name: str, fill: float) -> None:
    batch: Batch = collate(GROUP)
    found = getattr(batch, name)
    for row, conversation in enumerate(GROUP):
        n = len(conversation)
        np.testing.assert_array_equal(found[row, :n].numpy(), getattr(conversation, name))
        assert (found[row, n:] == fill).all()


def test_pad_ids() -> None:
    ids, mask = pad_ids([[7, 8, 9], [5]])
    assert ids.tolist() == [[7, 8, 9], [5, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_batches_hold_everything_once_near_the_budget() -> None:
    many = [encoded([1] * n, start=100 * n) for n in range(1, 60)]
    groups = list(batches(many, 120, random.Random(4)))
    assert Counter(id(c) for g in groups for c in g) == Counter(id(c) for c in many)
    most = 120 * 1.15 / 0.85  # the order by length is a loose one
    assert all(len(g) == 1 or len(g) * max(len(c) for c in g) <= most for g in groups)
    assert len(groups) < len(many)


def test_batches_are_the_same_for_the_same_seed_and_shuffled() -> None:
    many = [encoded([1] * n) for n in range(1, 40)]

    def shape(seed: int) -> list[list[int]]:
        return [[len(c) for c in g] for g in batches(many, 100, random.Random(seed))]

    assert shape(1) == shape(1) != shape(2)
    assert [max(g) for g in shape(1)] != sorted(max(g) for g in shape(1))


TEXTS = ("hello", "hello", "", "a longer one, said once", "send $20 to me", "hello") * 3


def chat(texts: tuple[str, ...], media: str | None = None) -> dict[str, Any]:
    messages = [{"sender": ("self", "peer")[i % 2], "text": t, "indicators": [], "cues": []}
                for i, t in enumerate(texts)]  # fmt: skip
    if media:
        messages[0]["media"] = media
    return {"messages": messages}


def encoder(monkeypatch: pytest.MonkeyPatch, size: int = 3, most: int = 1000) -> Encoder:
    """Slices of `size`, at most about `most` messages known."""
    monkeypatch.setattr(module, "SLICE", size)
    monkeypatch.setattr(module, "KNOWN", most)
    pieces = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces += [(letter, -5.0) for letter in "abcdefghijklmnopqrstuvwxyz,$0123456789"]
    table = build_table()
    return Encoder(build_tokenizer(pieces, table["tokens"].values()), table, max_tokens=9)


@pytest.mark.parametrize("most", [0, 2, 1000])
def test_messages_met_before_have_the_ids_of_their_text_alone(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """As the tokenizer gives them one by one, whatever is remembered, thrown away or sliced."""
    mine = encoder(monkeypatch, most=most)
    chats = [chat(TEXTS), chat(TEXTS[::-1], "image"), chat(("hello", "never said before"))]
    for _ in range(3):
        for given, found in zip(chats, mine(chats), strict=True):
            for message, ids in zip(given["messages"], found.ids, strict=True):
                text = mine.preparer.prepare(message["text"], message.get("media"))
                assert ids == mine.tokenizer.encode(text).ids[:9]


def test_a_text_is_prepared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, read = encoder(monkeypatch), []
    prepare = mine.preparer.prepare
    monkeypatch.setattr(
        mine.preparer, "prepare", lambda *words: read.append(words) or prepare(*words)
    )
    for _ in range(2):
        mine([chat(TEXTS), chat(TEXTS, "image")])
    assert sorted(read, key=str) == sorted(
        {*((t, None) for t in TEXTS), ("hello", "image")}, key=str
    )


def test_a_window_cuts_every_array_alike() -> None:
    cut = encoded([1, 2, 3, 4, 5]).window(1, 3)
    assert len(cut) == 2
    assert cut.ids == [[2, 2], [3, 3, 3]]
    for name in ("sender", "gap_s", "labels", "label_mask", "risks", "risk_weight"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(GROUP[0], name)[1:3])
