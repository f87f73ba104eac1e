"""The student as one step: a message and the state before it in, everything out.

The same weights as `Student`, written with plain operators that every ONNX Runtime
(CPU, web, mobile) has, and with calibration inside: p = sigmoid(a · logit + b), a > 0. Several
students are one step whose logits are the mean of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from safelight.taxonomy import INDICATORS
from safelight_training.model import LanguageTable, Student

N_INDICATORS = len(INDICATORS)


class Calibration(nn.Module):
    """Strictly increasing per output: a (n,) > 0 and b (n,)."""

    a: Tensor
    b: Tensor

    def __init__(self, a: list[float], b: list[float]) -> None:
        super().__init__()
        if min(a) <= 0:
            raise ValueError("calibration must be strictly increasing: every a > 0")
        self.register_buffer("a", torch.tensor(a))
        self.register_buffer("b", torch.tensor(b))

    def forward(self, logits: Tensor) -> Tensor:
        return torch.sigmoid(self.a * logits + self.b)


class Step(nn.Module):
    """Inputs and outputs of `formats.md`, Model graph."""

    def __init__(
        self,
        students: Student | Sequence[Student],
        calibration: dict[str, Any],
        language: LanguageTable | None = None,
    ) -> None:
        super().__init__()
        self._students = [students] if isinstance(students, Student) else list(students)
        self.students = nn.ModuleList(self._students)
        self.sizes = [student.shape.state for student in self._students]
        self.language = language
        self.risks = Calibration(**calibration["risks"])
        self.indicators = Calibration(**calibration["indicators"])
        self.cues = Calibration(**calibration["cues"])

    @property
    def state_size(self) -> int:
        """Of all students, one after the other."""
        return sum(self.sizes)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        sender: Tensor,
        gap_s: Tensor,
        state: Tensor,
    ) -> tuple[Tensor, ...]:
        """→ risks (batch, 2), indicators (batch, 21), cues (batch, 5), state (batch, state); with
        a language head languages (batch, 8) too."""
        states = torch.split(state, self.sizes, -1)
        message = input_ids, attention_mask, sender, gap_s
        said = [logits(m, *message, s) for m, s in zip(self._students, states, strict=True)]
        labels, risks = (torch.stack(parts).mean(0) for parts in list(zip(*said, strict=True))[:2])
        found = (
            self.risks(risks),
            self.indicators(labels[:, :N_INDICATORS]),
            self.cues(labels[:, N_INDICATORS:]),
            torch.cat([after for _, _, after in said], -1),
        )
        if self.language is None:
            return found
        return (*found, torch.softmax(self.language(input_ids, attention_mask), -1))


def logits(
    model: Student,
    input_ids: Tensor,
    attention_mask: Tensor,
    sender: Tensor,
    gap_s: Tensor,
    state: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """→ labels (batch, 26) and risks (batch, 2) before calibration, state (batch, state)."""
    vectors = model.encode(input_ids, attention_mask)
    side = sender.to(vectors.dtype)
    inputs, hidden = model.recur_input(vectors, side, gap_s)
    after = gru_cell(model.gru, inputs, state)
    labels, risks = model.heads(inputs, hidden, state, after, side)
    return labels, risks, after


def gru_cell(gru: nn.GRU, x: Tensor, state: Tensor) -> Tensor:
    """One step of torch's GRU (gates r, z, n): x (batch, in), state (batch, state)."""
    weights = dict(gru.named_parameters())
    from_x = linear(x, weights["weight_ih_l0"], weights["bias_ih_l0"])
    from_h = linear(state, weights["weight_hh_l0"], weights["bias_hh_l0"])
    xr, xz, xn = from_x.chunk(3, -1)
    hr, hz, hn = from_h.chunk(3, -1)
    reset, update = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
    candidate = torch.tanh(xn + reset * hn)
    return (1 - update) * candidate + update * state


def identity_calibration() -> dict[str, dict[str, list[float]]]:
    sizes = {"risks": 2, "indicators": N_INDICATORS, "cues": 5}
    return {kind: {"a": [1.0] * n, "b": [0.0] * n} for kind, n in sizes.items()}
