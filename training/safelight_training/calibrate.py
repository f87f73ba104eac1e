"""Strictly increasing calibration of every output: p = sigmoid(a · logit + b), a > 0 (Platt 1999).

Fitted on validation families that the weights never saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from safelight.taxonomy import INDICATORS

from .batches import Encoded, answers
from .model import Student

#: Weight of ordinary messages is scaled so that a fifth of the weight lies on active arcs: the
#: stated prevalence at which a risk reads as a probability, about that of the judging chats.
PREVALENCE = 0.2
N_INDICATORS = len(INDICATORS)


def logits_of(model: Student, encoded: Sequence[Encoded]) -> dict[str, np.ndarray]:
    """Logits and targets of every message, flat: `labels`, `risks`, their targets, mask, weight."""
    parts: dict[str, list[np.ndarray]] = {}
    for _, batch, labels, risks in answers(model, encoded):
        keep = batch.valid > 0
        found = {"labels": labels, "risks": risks, "label_target": batch.labels,
                 "label_mask": batch.label_mask, "risk_target": batch.risks,
                 "risk_weight": batch.risk_weight}  # fmt: skip
        for name, value in found.items():
            parts.setdefault(name, []).append(value[keep].numpy())
    return {name: np.concatenate(values) for name, values in parts.items()}


def mean_logits(models: Sequence[Student], encoded: Sequence[Encoded]) -> dict[str, np.ndarray]:
    """As `logits_of`, the logits being the mean of what the models say."""
    found = [logits_of(model, encoded) for model in models]
    means = {kind: np.mean([said[kind] for said in found], 0) for kind in ("labels", "risks")}
    return found[0] | means


def fit_platt(logits: np.ndarray, target: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """a > 0 and b that minimise the weighted cross-entropy of sigmoid(a · logit + b).

    A small pull towards (1, 0) keeps outputs with few positives from being thrown about.
    """
    x = torch.from_numpy(logits.astype(np.float64))
    y = torch.from_numpy(target.astype(np.float64))
    w = torch.from_numpy((weight / max(weight.sum(), 1e-9)).astype(np.float64))
    raw = torch.zeros(2, dtype=torch.float64, requires_grad=True)  # log a, b
    optimizer = torch.optim.LBFGS([raw], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        z = torch.exp(raw[0]) * x + raw[1]
        loss = (F.binary_cross_entropy_with_logits(z, y, reduction="none") * w).sum()
        loss = loss + 1e-3 * raw[0] ** 2 + 1e-4 * raw[1] ** 2
        loss.backward()
        return loss

    optimizer.step(closure)
    a, b = float(torch.exp(raw[0].detach()).clamp(0.2, 5.0)), float(raw[1].detach())
    return a, b


def calibrate(found: dict[str, np.ndarray]) -> dict[str, Any]:
    """The `calibration` of the manifest from `logits_of` the validation conversations."""
    risks = [_fit_risk(found, column) for column in range(found["risks"].shape[1])]
    labels = []
    for column in range(found["labels"].shape[1]):
        mask = found["label_mask"][:, column]
        labels.append(fit_platt(found["labels"][:, column], found["label_target"][:, column], mask))

    def pairs(fits: Sequence[tuple[float, float]]) -> dict[str, list[float]]:
        return {"a": [a for a, _ in fits], "b": [b for _, b in fits]}

    return {
        "risks": pairs(risks),
        "indicators": pairs(labels[:N_INDICATORS]),
        "cues": pairs(labels[N_INDICATORS:]),
        "where": "in the graph: p = sigmoid(a * logit + b), a > 0; "
        f"risks at a prevalence of {PREVALENCE} of messages",
    }


def _fit_risk(found: dict[str, np.ndarray], column: int) -> tuple[float, float]:
    """Hard labels only, active from the first sign on: the ramp before `warn_by` and the fading
    after the end are targets of training, not probabilities."""
    target = found["risk_target"][:, column]
    in_time = (found["risk_weight"][:, column] > 1) & (target > 0)
    on, off = in_time | (target >= 1.0), target <= 0.0
    weight = np.where(on, PREVALENCE / max(on.sum(), 1), 0.0)
    weight = np.where(off, (1 - PREVALENCE) / max(off.sum(), 1), weight)
    return fit_platt(found["risks"][:, column], on.astype(np.float32), weight)
