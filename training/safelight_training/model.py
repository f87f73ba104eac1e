"""The student: encoder → message heads and a recurrent state → risks.

A message's heads read its vector and the state BEFORE it, since "16" means nothing
without "how old are you"; the risk head reads the message and the state after it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from safelight.taxonomy import CUES, INDICATORS, RISKS

from .encoders.usem3 import UseM3

N_INDICATORS, N_CUES, N_RISKS = len(INDICATORS), len(CUES), len(RISKS)
N_LABELS = N_INDICATORS + N_CUES


@dataclass(frozen=True)
class Shape:
    """Sizes of the student; kept in every checkpoint.

    informed: the risk head reads what the message heads say in context, too.
    """

    vocabulary: int
    state: int = 128
    projected: int = 128
    hidden: int = 192
    informed: bool = False

    def as_dict(self) -> dict[str, int | bool]:
        return asdict(self)


class Student(nn.Module):
    """Trained over whole conversations; one message at a time once exported.

    encoder: makes unit vectors (messages, `dim`) of ids and mask; has an `embedding` table.
    """

    def __init__(self, shape: Shape, encoder: nn.Module | None = None) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = encoder or UseM3(shape.vocabulary)
        dim = self.encoder.dim
        self.local = nn.Sequential(nn.Linear(dim, shape.hidden), nn.ReLU())
        self.local_out = nn.Linear(shape.hidden, N_LABELS)
        self.context = nn.Sequential(
            nn.Linear(shape.hidden + shape.state + 1, shape.hidden // 2), nn.ReLU()
        )
        self.context_out = nn.Linear(shape.hidden // 2, N_LABELS)
        self.projection = nn.Linear(dim, shape.projected)
        self.gru = nn.GRU(shape.projected + N_LABELS + 3, shape.state, batch_first=True)
        # The state moves slowly; the message itself lets an immediate threat be heard at once.
        read = shape.state + self.gru.input_size + N_LABELS * shape.informed
        self.risk = nn.Sequential(nn.Linear(read, shape.state), nn.ReLU())
        self.risk_out = nn.Linear(shape.state, N_RISKS)
        self.dropout = nn.Dropout(0.15)
        nn.init.zeros_(self.context_out.weight)
        nn.init.constant_(self.local_out.bias, -3.0)  # most messages carry no label
        nn.init.constant_(self.risk_out.bias, -3.0)

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(messages, tokens) int64 → (messages, 512), scaled to unit variance."""
        return self.encoder(ids, mask) * self.encoder.dim**0.5

    def recur_input(self, vectors: Tensor, sender: Tensor, gap_s: Tensor) -> tuple[Tensor, Tensor]:
        """What the state reads of a message, and the hidden layer of the local heads.

        `vectors` (…, 512); `sender` (…) 0 self 1 peer; `gap_s` (…) seconds, −1 unknown.
        """
        hidden = self.local(vectors)  # (…, hidden)
        side = sender.to(vectors.dtype).unsqueeze(-1)  # (…, 1)
        seen = _heard(self.local_out(hidden), side)
        known = (gap_s >= 0).to(vectors.dtype).unsqueeze(-1)
        gap = torch.log1p(gap_s.clamp(min=0.0)).unsqueeze(-1) / 10.0 * known
        projected = torch.tanh(self.projection(vectors))
        return torch.cat([projected, seen, side, gap, known], -1), hidden

    def heads(
        self, inputs: Tensor, hidden: Tensor, before: Tensor, after: Tensor, sender: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits of labels (…, 26) and risks (…, 2) before calibration."""
        side = sender.to(before.dtype).unsqueeze(-1)
        context = self.context(torch.cat([hidden, before, side], -1))
        labels = self.local_out(hidden) + self.context_out(context)
        read = [after, inputs, _heard(labels, side)] if self.shape.informed else [after, inputs]
        return labels, self.risk_out(self.risk(torch.cat(read, -1)))

    def forward(
        self, vectors: Tensor, sender: Tensor, gap_s: Tensor, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Conversations padded to one length.

        `vectors` (batch, time, 512), `sender` and `gap_s` (batch, time), `state`
        (batch, state). Returns label logits (batch, time, 26), risk logits (batch,
        time, 2), and the states (batch, time, state).
        """
        _, labels, risks, states = self.follow(vectors, sender, gap_s, state)
        return labels, risks, states

    def follow(
        self, vectors: Tensor, sender: Tensor, gap_s: Tensor, state: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """As `forward`, after what the state read of each message (batch, time, …)."""
        batch = vectors.shape[0]
        start = vectors.new_zeros(batch, self.shape.state) if state is None else state
        inputs, hidden = self.recur_input(self.dropout(vectors), sender, gap_s)
        states, _ = self.gru(inputs, start.unsqueeze(0))
        before = torch.cat([start.unsqueeze(1), states[:, :-1]], 1)
        labels, risks = self.heads(inputs, self.dropout(hidden), before, states, sender)
        return inputs, labels, risks, states


class LanguageTable(nn.Module):
    """Which language a message is in, by its tokens alone: a linear classifier of their counts.

    weight (vocabulary, languages + 1) and bias (languages + 1,); the last is all other languages.
    """

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(messages, tokens) int64 → logits (messages, languages + 1)."""
        said = self.weight[ids] * mask.unsqueeze(-1)
        return said.sum(1) + self.bias


def _heard(logits: Tensor, side: Tensor) -> Tensor:
    """Probabilities (…, 26): indicators where the other side writes, cues where the owner does."""
    seen = torch.sigmoid(logits)
    return torch.cat([seen[..., :N_INDICATORS] * side, seen[..., N_INDICATORS:] * (1 - side)], -1)
