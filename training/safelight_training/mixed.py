"""A student with two states, one that reads the text and one that reads the signs alone, and a gate
that mixes what they say of the risks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .model import N_LABELS, N_RISKS, Shape, Student

#: Probabilities of signs and cues, side, gap, whether the gap is known.
CONCEPTS = N_LABELS + 3


class Mixed(Student):
    """As Student; the second state starts at zeros, so it trains on whole conversations only."""

    def __init__(self, shape: Shape, encoder: nn.Module | None = None) -> None:
        super().__init__(shape, encoder)
        self.short = nn.GRU(CONCEPTS, shape.state, batch_first=True)
        self.short_risk = nn.Sequential(
            nn.Linear(shape.state + CONCEPTS, shape.state), nn.ReLU(),
            nn.Linear(shape.state, N_RISKS),
        )  # fmt: skip
        self.gate = nn.Linear(2 * shape.state, N_RISKS)
        nn.init.constant_(self.short_risk[-1].bias, -3.0)

    def forward(
        self, vectors: Tensor, sender: Tensor, gap_s: Tensor, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        inputs, labels, risks, states = self.follow(vectors, sender, gap_s, state)
        concepts = inputs[..., -CONCEPTS:]
        short, _ = self.short(concepts)
        plain = self.short_risk(torch.cat([short, concepts], -1))
        share = torch.sigmoid(self.gate(torch.cat([states, short], -1)))
        return labels, share * risks + (1 - share) * plain, states
