"""The measures, on cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_training.evaluation import metrics
from safelight_training.evaluation.metrics import NEVER


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 1000, 0.0002, 0.0056),
        (93, 100, 0.8625, 0.9657),
    ],
)
def test_wilson_interval(k: int, n: int, low: float, high: float) -> None:
    assert metrics.wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate(case: tuple[int, int]) -> None:
    k, n = case
    low, high = metrics.wilson(k, n)
    assert 0.0 <= low <= k / n <= high <= 1.0
    assert high - low < 1.0


@pytest.mark.parametrize(
    ("why", "first", "in_time", "premature", "warned"),
    [
        ("never warned", NEVER, False, False, False),
        ("before the first sign", 3, False, True, True),
        ("at the first sign", 4, True, False, True),
        ("between", 6, True, False, True),
        ("at the last useful message", 9, True, False, True),
        ("too late", 10, False, False, True),
    ],
)
def test_when_a_warning_counts(
    why: str, first: int, in_time: bool, premature: bool, warned: bool
) -> None:
    places, sign, by = np.array([first]), np.array([4]), np.array([9])
    assert metrics.in_time(places, sign, by).tolist() == [in_time], why
    assert metrics.premature(places, sign).tolist() == [premature], why
    assert metrics.warned(places).tolist() == [warned], why


def test_never_warned_is_no_success_where_the_first_sign_is_message_0() -> None:
    never, zero = np.array([NEVER]), np.array([0])
    assert not metrics.in_time(never, zero, zero).any()
    assert not metrics.premature(never, zero).any()
    assert metrics.in_time(zero, zero, zero).all()


def test_rate() -> None:
    found = metrics.rate(np.array([True, False, False, True, False]))
    assert (found.n, found.share) == (5, 0.4)
    assert (found.low, found.high) == metrics.wilson(2, 5)


def test_delay_leaves_out_the_premature_and_those_never_warned() -> None:
    sign = np.full(6, 4)
    first = np.array([NEVER, 2, 4, 5, 6, 14])  # delays 0, 1, 2, 10
    assert metrics.delay(first, sign) == pytest.approx((1.5, 7.6))
    assert metrics.delay(first[:2], sign[:2]) is None


def test_reached() -> None:
    highest = np.array([0, 1, 2, 3])
    assert [int(metrics.reached(highest, level).sum()) for level in (1, 2, 3)] == [3, 2, 1]


@pytest.mark.parametrize(
    ("risky", "score", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 1.0),
        ([0, 0, 1, 1], [0.9, 0.8, 0.2, 0.1], 0.0),
        ([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5),
        ([0, 0, 1, 1], [0.1, 0.6, 0.5, 0.9], 0.75),
        ([1, 1], [0.1, 0.9], None),
        ([0, 0], [0.1, 0.9], None),
    ],
)
def test_auroc(risky: list[int], score: list[float], expected: float | None) -> None:
    assert metrics.auroc(np.array(risky, bool), np.array(score)) == expected


@pytest.mark.parametrize(
    ("said", "true", "expected"),
    [
        ([1, 1, 0, 0], [1, 1, 0, 0], (1.0, 1.0, 1.0)),
        ([1, 1, 1, 1], [1, 1, 0, 0], (0.5, 1.0, 2 / 3)),
        ([1, 0, 0, 0], [1, 1, 0, 0], (1.0, 0.5, 2 / 3)),
        ([0, 0, 1, 1], [1, 1, 0, 0], (0.0, 0.0, 0.0)),
        ([0, 0, 0, 0], [0, 0, 0, 0], (0.0, 0.0, 0.0)),
    ],
)
def test_precision_recall_f1(
    said: list[int], true: list[int], expected: tuple[float, float, float]
) -> None:
    found = metrics.precision_recall_f1(np.array(said, bool), np.array(true, bool))
    assert found == pytest.approx(expected)
