"""Losses of the student over a padded batch of conversations."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

#: Share of each part in the sum; the tail part holds down the loudest message of a harmless chat.
LABEL_WEIGHT, RISK_WEIGHT, TAIL_WEIGHT = 1.0, 1.0, 0.4


def label_loss(logits: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Binary cross-entropy over (batch, time, 26) where `mask` is 1, rare labels weighted up."""
    weight = mask * (1.0 + 3.0 * target)
    loss = F.binary_cross_entropy_with_logits(logits, target, weight=weight, reduction="sum")
    return loss / mask.sum().clamp(min=1.0) * logits.shape[-1] / 2


def risk_loss(logits: Tensor, target: Tensor, weight: Tensor, valid: Tensor) -> Tensor:
    """Cross-entropy of the risks (batch, time, 2), averaged in each conversation first.

    `weight` (batch, time) of each message; `valid` (batch, time) is 1 on real messages.
    The root of the length keeps long conversations from being drowned and from drowning
    the others.
    """
    loss = F.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(-1)
    loss = loss * weight * valid
    length = valid.sum(1).clamp(min=1.0)
    return (loss.sum(1) / length.sqrt()).sum() / length.sqrt().sum()


def tail_loss(logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """Softplus of the highest logit among the messages that should stay silent.

    A false alarm is one message too loud, so the maximum is what counts.
    """
    silent = (target.amax(-1) <= 0) & (valid > 0)  # (batch, time)
    highest = logits.amax(-1).masked_fill(~silent, -20.0).amax(1)
    return F.softplus(highest).mean()


def total(
    labels: Tensor,
    risks: Tensor,
    label_target: Tensor,
    label_mask: Tensor,
    risk_target: Tensor,
    risk_weight: Tensor,
    valid: Tensor,
) -> Tensor:
    return (
        LABEL_WEIGHT * label_loss(labels, label_target, label_mask)
        + RISK_WEIGHT * risk_loss(risks, risk_target, risk_weight, valid)
        + TAIL_WEIGHT * tail_loss(risks, risk_target, valid)
    )
