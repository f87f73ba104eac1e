"""Drawn times: seconds within a sitting, hours and days between sittings."""

import random
from itertools import pairwise
from statistics import median

import pytest

from safelight_training.data.times import draw_gap, draw_offsets


@pytest.mark.parametrize(
    ("pause", "low", "high"),
    [("", 5, 60), ("minutes", 200, 900), ("hours", 7000, 40000), ("days", 50000, 200000)],
)
def test_median_gaps(pause, low, high):
    rng = random.Random(1)
    assert low < median(draw_gap(pause, 30, rng) for _ in range(400)) < high


def test_offsets_start_at_zero_and_grow():
    offsets = draw_offsets([20] * 50, random.Random(1))
    assert offsets[0] == 0
    assert all(a < b for a, b in pairwise(offsets))


def test_given_pauses_are_kept():
    offsets = draw_offsets([5, 5, 5], random.Random(1), ["", "", "days"])
    assert offsets[1] < 3600 < offsets[2]
