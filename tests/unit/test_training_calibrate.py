"""Calibration finds the line that the numbers were drawn from, and never turns it round."""

from __future__ import annotations

import numpy as np
import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.calibrate import PREVALENCE, calibrate, fit_platt

LABELS = len(INDICATORS) + len(CUES)


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.5, -1.0), (2.0, 1.0), (1.5, -2.0)])
def test_platt_recovers_a_and_b(a: float, b: float) -> None:
    logits = np.linspace(-6, 6, 4001)
    fitted = fit_platt(logits, sigmoid(a * logits + b), np.ones_like(logits))
    assert fitted == pytest.approx((a, b), abs=0.05)


def test_platt_recovers_a_and_b_from_hard_labels() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 3, 40_000)
    labels = (rng.random(len(logits)) < sigmoid(0.7 * logits - 0.5)).astype(np.float32)
    assert fit_platt(logits, labels, np.ones_like(logits)) == pytest.approx((0.7, -0.5), abs=0.05)


def test_weights_decide_what_counts() -> None:
    logits = np.linspace(-6, 6, 2001)
    target = np.where(logits < 0, 0.5, sigmoid(2 * logits))
    right = fit_platt(logits, target, (logits >= 0).astype(float))
    assert right == pytest.approx((2.0, 0.0), abs=0.1)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_the_slope_stays_positive(weight: float) -> None:
    logits = np.linspace(-3, 3, 101)
    a, _ = fit_platt(logits, sigmoid(-2 * logits), np.full(101, weight))
    assert 0.2 <= a <= 5.0


def found(messages: int = 4000) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    labels = rng.normal(0, 2, (messages, LABELS))
    risks = rng.normal(0, 2, (messages, 2))
    draw = rng.random((messages, 1))
    return {
        "labels": labels,
        "label_target": (rng.random(labels.shape) < sigmoid(labels)).astype(np.float32),
        "label_mask": np.ones_like(labels),
        "risks": risks,
        "risk_target": (draw < sigmoid(risks)).astype(np.float32),
        "risk_weight": np.ones((messages, 2), np.float32),
    }


def test_calibrate_gives_a_pair_for_each_output_in_order() -> None:
    numbers = found()
    n = len(INDICATORS)
    numbers["label_target"][:, n:] = sigmoid(0.5 * numbers["labels"][:, n:])  # the cues alone
    result = calibrate(numbers)
    sizes = {kind: len(result[kind]["a"]) for kind in ("risks", "indicators", "cues")}
    assert sizes == {"risks": 2, "indicators": n, "cues": len(CUES)}
    assert result["cues"]["a"] == pytest.approx([0.5] * len(CUES), abs=0.05)
    assert result["indicators"]["a"] == pytest.approx([1.0] * n, abs=0.15)


def test_masked_messages_do_not_count() -> None:
    numbers = found()
    plain = calibrate(numbers)["indicators"]["b"]
    numbers["label_mask"][2000:] = 0
    numbers["label_target"][2000:] = 1
    assert calibrate(numbers)["indicators"]["b"] == pytest.approx(plain, abs=0.3)


def test_risks_are_read_at_the_stated_prevalence() -> None:
    numbers = found()
    numbers["risks"][:] = 0.0  # logits that say nothing: all that is left is the prevalence
    b = calibrate(numbers)["risks"]["b"]
    assert sigmoid(np.array(b)) == pytest.approx([PREVALENCE] * 2, abs=0.01)


def test_the_ramp_is_active_and_fading_does_not_count() -> None:
    numbers = found()
    plain = calibrate(numbers)["risks"]
    ramp = {name: np.concatenate([value, value]) for name, value in numbers.items()}
    ramp["risk_target"][4000:] = 0.5
    ramp["risks"][4000:] = 30.0
    assert calibrate(ramp)["risks"]["a"] == pytest.approx(plain["a"], abs=1e-4)
    ramp["risk_weight"][4000:] = 4.0  # in time: as active as later
    assert calibrate(ramp)["risks"]["b"] != pytest.approx(plain["b"], abs=1e-2)
