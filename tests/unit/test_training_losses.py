"""Losses on cases small enough to do by hand."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from safelight_training.losses import (
    PLAIN,
    Weights,
    catch_loss,
    hazard_loss,
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
    valid = torch.ones(1, 2)
    mask[0, 0] = 1
    assert label_loss(logits, target, mask, valid).item() == pytest.approx(LN2 * 4 / 2)
    logits[0, 1] = 50.0  # as wrong as can be, but masked
    assert label_loss(logits, target, mask, valid).item() == pytest.approx(LN2 * 4 / 2)


def test_a_label_asked_softly_counts_little_in_any_batch() -> None:
    logits, target, valid = zeros(1, 2, 4), zeros(1, 2, 4), torch.ones(1, 2)
    alone, beside = zeros(1, 2, 4), torch.ones(1, 2, 4)
    alone[0, 0], beside[0, 0] = 0.3, 0.3
    all_soft = label_loss(logits, target, alone, valid).item()
    assert all_soft == pytest.approx(0.3 * LN2 * 4 / 2)
    mixed = label_loss(logits, target, beside, valid).item()
    assert mixed == pytest.approx(all_soft + LN2 * 4 / 2)


def test_a_label_that_is_there_weighs_four_times() -> None:
    logits, mask = zeros(1, 1, 2), torch.ones(1, 1, 2)
    valid = torch.ones(1, 1)
    absent = label_loss(logits, zeros(1, 1, 2), mask, valid).item()
    present = label_loss(logits, torch.ones(1, 1, 2), mask, valid).item()
    assert present == pytest.approx(4 * absent)


def test_nothing_labelled_costs_nothing() -> None:
    nothing = zeros(1, 2, 4)
    assert label_loss(torch.ones(1, 2, 4), nothing, nothing, torch.ones(1, 2)).item() == 0.0


def test_risk_loss_of_one_conversation_is_its_mean() -> None:
    valid = torch.tensor([[1.0, 1.0, 0.0]])
    logits = zeros(1, 3, 2)
    logits[0, 2] = 40.0  # padding
    assert risk_loss(logits, zeros(1, 3, 2), torch.ones(1, 3, 2), valid).item() == pytest.approx(
        2 * LN2
    )


def test_a_message_costs_its_weight() -> None:
    weight, valid = torch.tensor([[[1.0, 1.0], [4.0, 2.0]]]), torch.ones(1, 2)
    logits = zeros(1, 2, 2)
    found = risk_loss(logits, zeros(1, 2, 2), weight, valid).item()
    assert found == pytest.approx((1 + 1 + 4 + 2) / 2 * LN2)


def test_a_long_conversation_weighs_by_the_root_of_its_length() -> None:
    valid = torch.tensor([[1.0] * 4, [1.0, 0.0, 0.0, 0.0]])
    logits = zeros(2, 4, 2)
    logits[1] = -100.0  # the short one is right
    # sum over the long one 4 · 2 ln 2, over its root 2; the weights are 2 and 1
    expected = (4 * 2 * LN2 / 2) / (2 + 1)
    assert risk_loss(logits, zeros(2, 4, 2), torch.ones(2, 4, 2), valid).item() == pytest.approx(
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
    weight = 1.0 + torch.rand(2, 3, 2)
    expected = (
        PLAIN.label * label_loss(labels, label_target, mask, valid)
        + PLAIN.risk * risk_loss(risks, risk_target, weight, valid)
        + PLAIN.tail * tail_loss(risks, risk_target, valid)
    )
    found = total(labels, risks, label_target, mask, risk_target, weight, valid)
    assert found.item() == pytest.approx(expected.item())


def arc(length: int, first: int, by: int) -> tuple[Tensor, Tensor, Tensor]:
    """Target, weight and valid of one chat with a grooming arc from `first` on."""
    target, weight = zeros(1, length, 2), torch.ones(1, length, 2)
    target[0, first:, 0], weight[0, first : by + 1, 0] = 1.0, 4.0
    return target, weight, torch.ones(1, length)


@pytest.mark.parametrize(
    ("why", "loud", "better_than"),
    [
        ("in time beats silence", 3, None),
        ("in time beats late", 3, 5),
        ("in time beats premature", 3, 0),
        ("late is no better than silence", None, 5),
    ],
)
def test_hazard_wants_the_first_warning_in_time(
    why: str, loud: int | None, better_than: int | None
) -> None:
    def loss(at: int | None) -> float:
        logits = torch.full((1, 7, 2), -6.0)
        if at is not None:
            logits[0, at, 0] = 3.0
        return hazard_loss(logits, *arc(7, 2, 4)).item()

    assert loss(loud) <= loss(better_than) + 1e-6, why


def test_hazard_of_an_even_chance_by_hand() -> None:
    # Two places in time, one before: log of 1/2 (silence before) and of 1 − 1/4 (caught).
    target, weight, valid = arc(3, 1, 2)
    logits = torch.full((1, 3, 2), -50.0)
    logits[0, :, 0] = 0.0
    expected = -(math.log(0.5) / math.sqrt(3) + 4 * math.log(0.75)) / math.sqrt(3) * 4
    assert hazard_loss(logits, target, weight, valid).item() == pytest.approx(expected, rel=1e-4)


def test_hazard_wants_silence_where_there_is_no_arc() -> None:
    nothing = zeros(1, 4, 2), torch.ones(1, 4, 2), torch.ones(1, 4)
    quiet, loud = torch.full((1, 4, 2), -6.0), torch.full((1, 4, 2), -6.0)
    loud[0, 2, 1] = 2.0
    assert hazard_loss(loud, *nothing) > hazard_loss(quiet, *nothing)
    padded = nothing[0], nothing[1], torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    assert hazard_loss(loud, *padded).item() == pytest.approx(hazard_loss(quiet, *padded).item())


def test_focus_turns_to_what_is_still_wrong() -> None:
    logits, target, mask = zeros(1, 2, 1), torch.ones(1, 2, 1), torch.ones(1, 2, 1)
    logits[0, 0], logits[0, 1] = 5.0, -5.0

    def share(focus: float) -> float:
        one, valid = (target[:, :1], mask[:, :1]), torch.ones(1, 1)
        parts = [label_loss(logits[:, i : i + 1], *one, valid, focus).item() for i in (0, 1)]
        return parts[0] / parts[1]

    assert share(2.0) < share(0.0)


def test_early_late_and_in_time_weigh_as_told() -> None:
    target, weight, valid = arc(6, 2, 3)
    target[0, 2, 0] = 0.3  # the ramp
    labels, mask, logits = zeros(1, 6, 4), torch.ones(1, 6, 4), zeros(1, 6, 2)

    def of(**more: float | str) -> float:
        weights = Weights(label=0, tail=0, **more)  # type: ignore[arg-type]
        return total(labels, logits, labels, mask, target, weight, valid, weights).item()

    # Every entry of the loss is LN2 here: two messages before, two in time (4 each), two late;
    # and six of the other risk.
    assert of(onset=3.0) / of() == pytest.approx((2 + 2 * 12 + 2 + 6) / (2 + 2 * 4 + 2 + 6))
    assert of(after=0.0) / of() == pytest.approx((2 + 2 * 4 + 6) / (2 + 2 * 4 + 2 + 6))
    logits[0, 2, 0] = 4.0  # sure at the first sign: wrong by the ramp, right by the step
    assert of(early="step") < of()


def test_the_weights_choose_the_parts() -> None:
    logits, target = zeros(1, 2, 2), zeros(1, 2, 2)
    weight, valid = torch.ones(1, 2, 2), torch.ones(1, 2)
    labels, mask = zeros(1, 2, 4), torch.ones(1, 2, 4)

    def of(weights: Weights) -> float:
        return total(labels, logits, labels, mask, target, weight, valid, weights).item()

    assert of(Weights(tail=0.0)) == pytest.approx(of(PLAIN) - 0.4 * LN2)
    only = Weights(label=0, tail=0, early="hazard")
    assert of(only) == pytest.approx(hazard_loss(logits, target, weight, valid).item())


def test_catch_loss_hears_the_loudest_message_in_time_alone() -> None:
    weight, valid = torch.tensor([[[1.0], [4.0], [4.0], [1.0]]]).expand(1, 4, 2), torch.ones(1, 4)
    target, logits = zeros(1, 4, 2), zeros(1, 4, 2)
    target[0, 1:, 0] = 1
    logits[0, 2, 0] = 2.0
    logits[0, 3, 0] = logits[0, 0, 0] = 9.0  # too late, and too early
    found = catch_loss(logits, target, weight, valid).item()
    assert found == pytest.approx(math.log1p(math.exp(-2.0)))


def test_catch_loss_is_a_mean_over_the_risks_that_are_active() -> None:
    weight, valid = torch.tensor([[[4.0, 4.0]], [[4.0, 4.0]], [[1.0, 1.0]]]), torch.ones(3, 1)
    target, logits = zeros(3, 1, 2), zeros(3, 1, 2)
    target[0, 0, 0] = target[1, 0, 1] = 1
    logits[1, 0, 1] = 50.0
    assert catch_loss(logits, target, weight, valid).item() == pytest.approx(LN2 / 2)


def test_catch_loss_of_harmless_chats_is_nothing() -> None:
    args = zeros(1, 2, 2), zeros(1, 2, 2), torch.full((1, 2, 2), 4.0), torch.ones(1, 2)
    assert catch_loss(*args).item() == 0.0
