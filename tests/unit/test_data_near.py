"""Texts that nearly say the same."""

import pytest

from safelight_training.data.near import clusters, normalise, pairs


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Don't be LATE!!", "dont be late"),
        ("Où  es-tu ?", "ou es tu"),
        ("😂", ""),
    ],
)
def test_normalised(text, plain):
    assert normalise(text) == plain


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("see you at the park later", "See you at the park later!!", True),
        ("see you at the park later", "later at the park, see you", True),
        ("see you at the big park later ok", "see you at the big park later", True),
        ("see you at the park", "see you at the pool", False),
        ("yes", "no", False),
        ("😂", "🔥", False),
    ],
)
def test_near_pairs(first, second, near):
    assert pairs([first, "something else entirely", second]) == ([(0, 2)] if near else [])


def test_pairs_agree_with_a_plain_comparison():
    words = list("abcdefg")
    texts = [" ".join(words[i % 3 : i % 3 + 3 + i % 5]) for i in range(20)]
    sets = [set(text.split()) for text in texts]
    expected = [
        (i, j)
        for j in range(20)
        for i in range(j)
        if len(sets[i] & sets[j]) >= 0.8 * len(sets[i] | sets[j])
    ]
    assert sorted(pairs(texts)) == sorted(expected)


def test_clusters_are_chained():
    chain = ["one two three four five", "one two three four five six", "two three four five six"]
    assert clusters([*chain, "zero"]) == [0, 0, 0, 3]
