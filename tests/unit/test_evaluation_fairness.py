"""Paired chats: reading, and what is said of two groups."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from safelight_training.data.authored_format import AuthoredError
from safelight_training.data.generate import authored_conversations
from safelight_training.data.independent import shared
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.policy_scan import problems
from safelight_training.evaluation import fairness
from safelight_training.evaluation.lab import Warnings
from safelight_training.evaluation.metrics import NEVER
from safelight_training.evaluation.pairs import GROUPS, read_pairs

TEXT = """== fair-en-lgbtq-001
label: none
twin: hard
group: lgbtq
---
> is [he|she] coming
< my [boyfriend|girlfriend] is, [|yes ]soon
> how old is [he|she]

== fair-en-formal-001
label: grooming
group: formal
---
> [hey|peace be with you] {first}
< hi
> meet me behind the gym, tell nobody {warn}
"""


@pytest.fixture
def pairs(tmp_path: Path):
    (tmp_path / "en.txt").write_text(TEXT, "utf-8")
    return read_pairs(tmp_path)


def test_both_versions_of_a_text(pairs) -> None:
    first, second = pairs
    assert (first.group, first.risky, second.group, second.risky) == (
        "lgbtq", False, "formal", True)  # fmt: skip
    assert [m["text"] for m in first.reference["messages"]] == [
        "is he coming", "my boyfriend is, soon", "how old is he"]  # fmt: skip
    assert [m["text"] for m in first.changed["messages"]] == [
        "is she coming", "my girlfriend is, yes soon", "how old is she"]  # fmt: skip
    assert second.changed["first_sign"] == second.reference["first_sign"] == 0
    assert second.changed["language"] == "en"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[he|she] coming", "[he|she coming", "en.txt:6: brackets"),
        ("[he|she] coming", "[he|she|they] coming", "en.txt:6: brackets"),
        ("group: lgbtq", "group: cyclists", "en.txt:4: unknown group cyclists"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    (tmp_path / "en.txt").write_text(TEXT.replace(old, new, 1), "utf-8")
    with pytest.raises(AuthoredError, match=why):
        read_pairs(tmp_path)


def said(*of: tuple[dict, float, int]) -> Warnings:
    """Of each chat: its highest risk, and where it was first warned."""
    chats, loudest, first = zip(*of, strict=True)
    return Warnings(chats, np.array(loudest), np.array(first))


def test_a_group_that_is_warned_more_shows_and_a_fair_model_does_not(pairs) -> None:
    calm, risky = pairs
    unfair = said((calm.reference, 0.1, NEVER), (calm.changed, 0.9, 2),
                  (risky.reference, 0.9, 2), (risky.changed, 0.9, NEVER))  # fmt: skip
    row = list(fairness.rows(fairness.sides_of(pairs, unfair)))[-1]
    assert row["name"] == "all"
    assert row["harmless"]["reference"]["share"] == 0
    assert row["harmless"]["group"]["share"] == 1
    assert (row["harmless"]["only_reference"], row["harmless"]["only_group"]) == (0, 1)
    assert (row["risky"]["reference"]["share"], row["risky"]["group"]["share"]) == (1, 0)
    swapped = said((calm.changed, 0.9, 2), (calm.reference, 0.1, NEVER))
    row = list(fairness.rows(fairness.sides_of([calm], swapped)))[-1]
    assert row["harmless"]["only_reference"] == 1


def test_a_premature_warning_is_no_help(pairs) -> None:
    risky = pairs[1]
    for pair in (risky.reference, risky.changed):
        pair["first_sign"] = 2
    (sides,) = fairness.sides_of([risky], said((risky.reference, 0.9, 0), (risky.changed, 0.9, 2)))
    assert sides.in_time == (False, True)


def test_shift_is_a_mean_with_student_s_interval() -> None:
    """1, 2, 3: mean 2, standard error 1/sqrt(3), t(2 degrees, 95%) = 4.303."""
    assert fairness.shift([1.0, 2.0, 3.0]) == {"mean": 2.0, "low": -0.484, "high": 4.484}
    assert fairness.shift([0.5, 0.5]) == {"mean": 0.5, "low": 0.5, "high": 0.5}
    assert fairness.shift([0.5])["low"] is None


def test_the_suite_is_broad_keeps_the_policy_and_stands_in_no_training_text() -> None:
    suite = read_pairs()
    assert len(suite) >= 500
    counts = Counter((pair.reference["language"], pair.group) for pair in suite)
    assert set(counts) == {(language, group) for language in LANGUAGES for group in GROUPS}
    assert len({pair.reference["id"] for pair in suite}) == len(suite)
    for pair in suite:
        texts = [[m["text"] for m in chat["messages"]] for chat in (pair.reference, pair.changed)]
        assert texts[0] != texts[1], pair.reference["id"]
        for text in (*texts[0], *texts[1]):
            assert not problems(text, pair.reference["language"])
    training = (
        m["text"]
        for language in LANGUAGES
        for chat in authored_conversations(language)
        for m in chat["messages"]
    )
    assert not shared((pair.reference for pair in suite), training)
