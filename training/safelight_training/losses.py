"""Losses of the student over a padded batch of conversations."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Weights:
    """Share of each part in the sum, and what a part is.

    `tail` holds down the loudest message of a harmless chat. `focus`: exponent of the focal loss
    (Lin et al. 2017) for labels and risks; 0 is plain cross-entropy. `early`: how the risks learn
    to be early: a `ramp` from the first sign on, a `step` up at it, or `hazard`, see `hazard_loss`.
    `onset` multiplies the weight of messages at which a warning is in time, `after` is that of the
    messages of an arc which come later. `catch` lifts the loudest message at which a warning is in
    time: the counterpart of `tail`. `soft`: of what a teacher says, where one was asked;
    `soft_risks`: of its risks beside its labels.
    """

    label: float = 1.0
    risk: float = 1.0
    tail: float = 0.4
    focus: float = 0.0
    early: str = "ramp"
    onset: float = 1.0
    after: float = 1.0
    catch: float = 0.0
    soft: float = 0.0
    soft_risks: float = 1.0


PLAIN = Weights()


def _cross_entropy(logits: Tensor, target: Tensor, focus: float) -> Tensor:
    """Binary, of each entry; `focus` > 0 turns it to the entries that are still wrong."""
    loss = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    if not focus:
        return loss
    return loss * (torch.sigmoid(logits.detach()) - target).abs() ** focus


def label_loss(
    logits: Tensor, target: Tensor, mask: Tensor, valid: Tensor, focus: float = 0.0
) -> Tensor:
    """Binary cross-entropy over (batch, time, 26) where `mask` is 1, rare labels weighted up.

    A sum over the labels and a mean over all messages (`valid`), asked or not: a label counts the
    same whatever else is in its batch.
    """
    weight = mask * (1.0 + 3.0 * target)
    loss = (weight * _cross_entropy(logits, target, focus)).sum()
    return loss / valid.sum().clamp(min=1.0)


def risk_loss(
    logits: Tensor, target: Tensor, weight: Tensor, valid: Tensor, focus: float = 0.0
) -> Tensor:
    """Cross-entropy of the risks (batch, time, 2), averaged in each conversation first.

    `weight` (batch, time, 2) of each message; `valid` (batch, time) is 1 on real messages.
    The root of the length keeps long conversations from being drowned and from drowning
    the others.
    """
    loss = _cross_entropy(logits, target, focus)
    return _over_conversations((loss * weight).sum(-1), valid)


def _over_conversations(loss: Tensor, valid: Tensor) -> Tensor:
    """Mean of the loss of messages (batch, time), by the root of a conversation's length."""
    loss = loss * valid
    length = valid.sum(1).clamp(min=1.0)
    return (loss.sum(1) / length.sqrt()).sum() / length.sqrt().sum()


def hazard_loss(logits: Tensor, target: Tensor, weight: Tensor, valid: Tensor) -> Tensor:
    """Minus the log-likelihood that the first warning comes in time, by discrete survival.

    sigmoid(logit) is the chance to warn now, if nobody warned before. A risk that is active in the
    chat wants its first warning from the first sign to `warn_by`, where `weight` is above 1; a
    chat or risk without an arc wants none. Arguments as in `risk_loss`.
    """
    quiet = F.logsigmoid(-logits) * valid.unsqueeze(-1)  # log chance of silence, message by message
    in_time = _in_time(target, weight, valid)
    arc = in_time.any(1)  # (batch, 2)
    before = (target <= 0) & ~_after(in_time)
    silence = (quiet * (before | ~arc.unsqueeze(1))).sum(1)
    missed = (quiet * in_time).sum(1).clamp(max=-1e-6)
    caught = torch.where(arc, torch.log(-torch.expm1(missed)), torch.zeros_like(missed))
    length = valid.sum(1, keepdim=True).clamp(min=1.0)
    return -(silence / length.sqrt() + 4 * caught).sum() / length.sqrt().sum() * 4


def _in_time(target: Tensor, weight: Tensor, valid: Tensor) -> Tensor:
    """Where a warning of a risk is in time (batch, time, 2): the weight of onset says so."""
    return (weight > 1) & (valid > 0).unsqueeze(-1) & (target > 0)


def _after(marks: Tensor) -> Tensor:
    """Places (batch, time, …) after the first mark."""
    return marks.long().cumsum(1) > 0


def tail_loss(logits: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """Softplus of the highest logit among the messages that should stay silent.

    A false alarm is one message too loud, so the maximum is what counts.
    """
    silent = (target.amax(-1) <= 0) & (valid > 0)  # (batch, time)
    highest = logits.amax(-1).masked_fill(~silent, -20.0).amax(1)
    return F.softplus(highest).mean()


def catch_loss(logits: Tensor, target: Tensor, weight: Tensor, valid: Tensor) -> Tensor:
    """Softplus of minus the highest logit at which a warning of a risk that is active is in time.

    One message that is loud enough in time is all that a warning needs; a mean over the risks of
    all chats that have such messages, 0 where none has.
    """
    in_time = _in_time(target, weight, valid)
    highest = logits.masked_fill(~in_time, -20.0).amax(1)
    missed = F.softplus(-highest) * in_time.any(1)
    return missed.sum() / in_time.any(1).sum().clamp(min=1)


def soft_loss(
    labels: Tensor, risks: Tensor, soft: Tensor, valid: Tensor, of_risks: float = 1.0
) -> Tensor:
    """Cross-entropy to a teacher's probabilities `soft` (batch, time, 28), labels before risks.

    Distillation (Hinton et al. 2015) at temperature 1, of every message, labelled or not; labels
    and conversations weigh as in `label_loss` and `risk_loss`, the risks `of_risks` times that.
    """
    n = labels.shape[-1]
    label = F.binary_cross_entropy_with_logits(labels, soft[..., :n], reduction="none").sum(-1) / 2
    risk = F.binary_cross_entropy_with_logits(risks, soft[..., n:], reduction="none").sum(-1)
    return _over_conversations(label + of_risks * risk, valid)


def total(
    labels: Tensor,
    risks: Tensor,
    label_target: Tensor,
    label_mask: Tensor,
    risk_target: Tensor,
    risk_weight: Tensor,
    valid: Tensor,
    weights: Weights = PLAIN,
    soft: Tensor | None = None,
) -> Tensor:
    in_time = _in_time(risk_target, risk_weight, valid)
    if weights.early == "step":
        risk_target = torch.where(in_time, 1.0, risk_target)
    if weights.early == "hazard":
        risk = hazard_loss(risks, risk_target, risk_weight, valid)
    else:
        late = ~in_time & (risk_target > 0)
        weight = torch.where(in_time, weights.onset * risk_weight, risk_weight)
        weight = torch.where(late, weights.after * weight, weight)
        risk = risk_loss(risks, risk_target, weight, valid, weights.focus)
    loss = (
        weights.label * label_loss(labels, label_target, label_mask, valid, weights.focus)
        + weights.risk * risk
        + weights.tail * tail_loss(risks, risk_target, valid)
        + weights.catch * catch_loss(risks, risk_target, risk_weight, valid)
    )
    if soft is None:
        return loss
    return loss + weights.soft * soft_loss(labels, risks, soft, valid, weights.soft_risks)
