"""Message vectors made once, so that what follows the encoder trains in minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .batches import Encoded, pad_ids
from .model import Student
from .train import has_bf16

#: Messages encoded at once.
AT_ONCE = 512


class NoEncoder(nn.Module):
    """Stands where vectors come made: a size, and nothing that learns."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim
        self.embedding = nn.Embedding(1, dim)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        raise RuntimeError("this model reads vectors only")


def with_vectors(model: Student, encoded: Sequence[Encoded]) -> list[Encoded]:
    """The conversations with the vectors of `model` (float16) in place of token ids."""
    ids = [row for c in encoded for row in c.ids]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    found = np.empty((len(ids), model.encoder.dim), np.float16)
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=has_bf16()):
        for at in range(0, len(order), AT_ONCE):
            some = order[at : at + AT_ONCE]
            found[some] = model.encode(*pad_ids([ids[i] or [0] for i in some])).half().numpy()
    ends = np.cumsum([len(c) for c in encoded])[:-1]
    parts = np.split(found, ends)
    return [replace(c, ids=[], vectors=part) for c, part in zip(encoded, parts, strict=True)]


def save(path: Path, encoded: Sequence[Encoded]) -> None:
    """One file; read back by `load` without its arrays being copied."""
    kept = [name for name in _names() if getattr(encoded[0], name) is not None]
    arrays = {name: np.concatenate([getattr(c, name) for c in encoded]) for name in kept}
    part = path.with_suffix(".part")
    part.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(part / f"{name}.npy", array)
    np.save(part / "lengths.npy", np.array([len(c) for c in encoded]))
    part.rename(path)


def load(path: Path) -> list[Encoded]:
    """What `save` wrote; vectors stay on the disk until they are used."""
    ends = np.cumsum(np.load(path / "lengths.npy"))[:-1]
    columns = {
        name: np.split(np.load(path / f"{name}.npy", mmap_mode="r"), ends)
        for name in _names()
        if (path / f"{name}.npy").exists()
    }
    rows = zip(*columns.values(), strict=True)
    return [Encoded(ids=[], **dict(zip(columns, row, strict=True))) for row in rows]


def _names() -> list[str]:
    return [f.name for f in fields(Encoded) if f.name != "ids"]
