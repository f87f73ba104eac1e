"""Losses on cases small enough to do by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from safelight_training.losses import (
    LABEL_WEIGHT,
    RISK_WEIGHT,
    TAIL_WEIGHT,
    label_loss,
    risk_loss,
    tail_loss,
    total,
)

LN2 = math.log(2)  # cross-entropy of a logit of 0


def zeros(*shape: int) -> Tensor:
    return torch.zeros(*shape)


def test_label_loss_counts_what_the_mask_lets_through() -> None:
    logits, target, mask = zeros(1, 2, 4), zeros(1, 2, 4), zeros(1, 2, 4)
    mask[0, 0] = 1
    assert label_loss(logits, target, mask).item() == pytest.approx(LN2 * 4 / 2)
    logits[0, 1] = 50.0  # as wrong as can be, but masked
    assert label_loss(logits, target, mask).item() == pytest.approx(LN2 * 4 / 2)


def test_a_label_that_is_there_weighs_four_times() -> None:
    logits, mask = zeros(1, 1, 2), torch.ones(1, 1, 2)
    absent = label_loss(logits, zeros(1, 1, 2), mask).item()
    present = label_loss(logits, torch.ones(1, 1, 2), mask).item()
    assert present == pytest.approx(4 * absent)


def test_nothing_labelled_costs_nothing() -> None:
    assert label_loss(torch.ones(1, 2, 4), zeros(1, 2, 4), zeros(1, 2, 4)).item() == 0.0


def test_risk_loss_of_one_conversation_is_its_mean() -> None:
    valid = torch.tensor([[1.0, 1.0, 0.0]])
    logits = zeros(1, 3, 2)
    logits[0, 2] = 40.0  # padding
    assert risk_loss(logits, zeros(1, 3, 2), torch.ones(1, 3), valid).item() == pytest.approx(
        2 * LN2
    )


def test_a_message_costs_its_weight() -> None:
    weight, valid = torch.tensor([[1.0, 4.0]]), torch.ones(1, 2)
    logits = zeros(1, 2, 2)
    found = risk_loss(logits, zeros(1, 2, 2), weight, valid).item()
    assert found == pytest.approx((1 + 4) / 2 * 2 * LN2)


def test_a_long_conversation_weighs_by_the_root_of_its_length() -> None:
    valid = torch.tensor([[1.0] * 4, [1.0, 0.0, 0.0, 0.0]])
    logits = zeros(2, 4, 2)
    logits[1] = -100.0  # the short one is right
    # sum over the long one 4 · 2 ln 2, over its root 2; the weights are 2 and 1
    expected = (4 * 2 * LN2 / 2) / (2 + 1)
    assert risk_loss(logits, zeros(2, 4, 2), torch.ones(2, 4), valid).item() == pytest.approx(
        expected
    )


@pytest.mark.parametrize(
    ("why", "logits", "target", "valid", "highest"),
    [
        ("the loudest silent message", [-3.0, 2.0, -1.0], [0, 0, 0], [1, 1, 1], 2.0),
        ("an active arc may be loud", [-3.0, 2.0, -1.0], [0, 1, 0], [1, 1, 1], -1.0),
        ("so may a ramp", [-3.0, 2.0, -1.0], [0, 0.1, 0], [1, 1, 1], -1.0),
        ("padding does not count", [-3.0, 2.0, 5.0], [0, 0, 0], [1, 1, 0], 2.0),
        ("nothing should be silent", [9.0, 9.0, 9.0], [1, 1, 1], [1, 1, 1], -20.0),
    ],
)
def test_tail_loss(
    why: str, logits: list[float], target: list[float], valid: list[float], highest: float
) -> None:
    found = tail_loss(
        torch.tensor([[[x, -9.0] for x in logits]]),
        torch.tensor([[[0.0, float(x)] for x in target]]),
        torch.tensor([valid]).float(),
    )
    assert found.item() == pytest.approx(math.log1p(math.exp(highest)), rel=1e-5), why


def test_the_total_is_the_weighted_sum() -> None:
    torch.manual_seed(3)
    labels, risks = torch.randn(2, 3, 26), torch.randn(2, 3, 2)
    label_target, mask = (torch.rand(2, 3, 26) > 0.5).float(), (torch.rand(2, 3, 26) > 0.5).float()
    risk_target, valid = (torch.rand(2, 3, 2) > 0.5).float(), torch.ones(2, 3)
    weight = 1.0 + torch.rand(2, 3)
    expected = (
        LABEL_WEIGHT * label_loss(labels, label_target, mask)
        + RISK_WEIGHT * risk_loss(risks, risk_target, weight, valid)
        + TAIL_WEIGHT * tail_loss(risks, risk_target, valid)
    )
    found = total(labels, risks, label_target, mask, risk_target, weight, valid)
    assert found.item() == pytest.approx(expected.item())
