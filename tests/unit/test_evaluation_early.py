"""Measures that others publish, against their formulas and cases worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from safelight_training.evaluation import early, prevalence, reliability
from safelight_training.evaluation.metrics import NEVER, Rate


@pytest.mark.parametrize(("k", "cost"), [(1, 0.0), (90, 0.5), (10_000, 1.0)])
def test_latency_penalty(k: int, cost: float) -> None:
    """p is chosen so that half of the speed is lost at message 90 (Vogt et al. 2021)."""
    assert pytest.approx(0.012344, abs=5e-7) == early.P
    assert early.penalty(np.array([k]))[0] == pytest.approx(cost, abs=1e-6)


def test_f_latency_by_hand() -> None:
    """Two of three risky chats warned, at messages 1 and 90, and one false alarm: F1 = 2/3."""
    risky = np.array([True, True, True, False, False])
    first = np.array([0, 89, NEVER, 5, NEVER])
    found = early.latency(risky, first)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.speed == pytest.approx(1 - 0.25)  # median of the penalties 0 and 0.5
    assert found.f_latency == pytest.approx(0.5)
    assert found.p == early.P


def test_no_true_warning_has_no_speed() -> None:
    assert early.latency(np.array([True, False]), np.array([NEVER, 0])).f_latency == 0.0


def test_erde_by_hand() -> None:
    """Losada, Crestani 2016: TP at message o costs a half, FN 1, FP the share of risky, TN 0."""
    risky = np.array([True, True, False, False])
    first = np.array([4, NEVER, 0, NEVER])
    assert early.erde(risky, first, 5) == pytest.approx((0.5 + 1 + 0.5 + 0) / 4)
    late = 1 - 1 / (1 + math.exp(5 - 50))
    assert early.erde(risky, first, 50) == pytest.approx((late + 1 + 0.5) / 4)


def test_erde_of_a_very_late_warning_is_a_miss() -> None:
    assert early.erde(np.array([True]), np.array([5000]), 5) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("recall", "false_alarms", "share", "expected"),
    [(0.8, 0.01, 1e-3, 0.0741), (0.8, 0.001, 1e-3, 0.4447), (0.8, 0.0001, 1e-3, 0.8890),
     (0.8, 0.01, 1e-4, 0.0079), (0.8, 0.001, 1e-4, 0.0741)],
)  # fmt: skip
def test_precision_at_prevalence_is_that_of_the_requirements(
    recall: float, false_alarms: float, share: float, expected: float
) -> None:
    """The table of requirements.md: 7.4%, 44.5%, 88.9% at 1 in 1,000; 0.8%, 7.4% at 1 in 10,000."""
    found = prevalence.precision(recall, false_alarms, share)
    assert found == pytest.approx(expected, abs=5e-5)


def test_precision_without_any_warning_is_unknown() -> None:
    assert prevalence.precision(0.0, 0.0, 1e-3) is None
    nothing = Rate(10, 0.0, 0.0, 0.3)
    assert prevalence.precision_bounds(nothing, nothing, 1e-3) == (0.0, 1.0)


def test_a_year_of_chats() -> None:
    """requirements.md: 20 chats a month at 1% are 2.4 false warnings a year."""
    assert prevalence.a_year(0.01) == pytest.approx(2.4)
    assert prevalence.a_year_by_messages(1.0) == pytest.approx(3.6)


def test_a_calibrated_score_has_no_error_and_a_sure_wrong_one_all() -> None:
    said = np.repeat([0.0, 1.0], 30)
    right = reliability.reliability(said, said > 0.5, 2)
    assert reliability.expected_calibration_error(right) == 0.0
    wrong = reliability.reliability(said, said < 0.5, 2)
    assert reliability.expected_calibration_error(wrong) == 1.0
    assert reliability.brier(said, said < 0.5) == 1.0


def test_expected_calibration_error_by_hand() -> None:
    """Ten cases at 0.3 of which five are true, ten at 0.8 of which eight: (0.2 + 0) / 2."""
    said = np.repeat([0.3, 0.8], 10)
    true = np.array([1] * 5 + [0] * 5 + [1] * 8 + [0] * 2, bool)
    bins = reliability.reliability(said, true, 2)
    assert [b.n for b in bins] == [10, 10]
    assert reliability.expected_calibration_error(bins) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("messages", "places"), [(3, [2]), (5, [4]), (12, [4, 9, 11]), (100, [4, 9, 19, 39, 79, 99])]
)
def test_places_that_are_judged(messages: int, places: list[int]) -> None:
    chat = {"messages": [{}] * messages, "risks": {"grooming": [4, 9], "sextortion": None}}
    found, active = reliability.judged(chat)
    assert found.tolist() == places
    assert active.tolist() == [4 <= place <= 9 for place in places]
    assert not reliability.judged(chat, "sextortion")[1].any()
