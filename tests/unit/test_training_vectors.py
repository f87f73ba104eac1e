"""Vectors made once stand for the encoder that made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from safelight_training import vectors
from safelight_training.batches import Encoded, collate, encode_batch
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import Shape, Student

VOCABULARY, DIM = 40, 32


def student() -> Student:
    torch.manual_seed(1)
    shape = Shape(VOCABULARY, state=8, projected=8, hidden=12)
    return Student(shape, UseM3(VOCABULARY, dim=DIM, branch=8, deep=16)).eval()


def conversation(n: int, seed: int) -> Encoded:
    rng = np.random.default_rng(seed)
    ids = [rng.integers(0, VOCABULARY, rng.integers(1, 25)).tolist() for _ in range(n)]
    labels = rng.random((n, 26)).astype(np.float32)
    flat = rng.random(n).astype(np.float32)
    return Encoded(ids, flat, flat, labels, labels, labels[:, :2], labels[:, 2:4])


CHATS = [conversation(n, n) for n in (3, 1, 6)]


def test_they_are_what_the_encoder_gives_in_their_places() -> None:
    model = student()
    with torch.no_grad():
        expected = encode_batch(model, collate(CHATS))
    found = encode_batch(vectors.NoEncoder(DIM), collate(vectors.with_vectors(model, CHATS)))
    assert torch.allclose(found, expected, atol=0.05)  # float16 of bfloat16 at unit variance
    assert not torch.allclose(found, expected.roll(1, 1), atol=0.05)


def test_a_file_gives_them_back(tmp_path: Path) -> None:
    made = vectors.with_vectors(student(), CHATS)
    vectors.save(tmp_path / "set", made)
    for one, other in zip(made, vectors.load(tmp_path / "set"), strict=True):
        for name in ("sender", "gap_s", "labels", "label_mask", "risks", "risk_weight", "vectors"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_a_window_cuts_the_vectors_too() -> None:
    chat = vectors.with_vectors(student(), CHATS)[2]
    assert chat.vectors is not None
    cut = chat.window(2, 5)
    assert len(cut) == 3
    assert cut.vectors is not None
    assert np.array_equal(cut.vectors, chat.vectors[2:5])


def test_a_student_over_vectors_reads_no_text() -> None:
    with pytest.raises(RuntimeError, match="vectors only"):
        Student(Shape(1, state=8), vectors.NoEncoder(DIM)).encode(
            torch.ones(1, 2, dtype=torch.int64), torch.ones(1, 2, dtype=torch.int64)
        )
