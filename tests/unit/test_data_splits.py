"""Who may be seen in training."""

from collections import Counter

import pytest

from safelight_training.data.scenario import families
from safelight_training.data.splits import (
    CORPUS_SHARES,
    PHRASE_SHARES,
    TEST_FAMILIES,
    TEST_VOICES,
    TWIN_VOICES,
    VALIDATION_FAMILIES,
    authored_split,
    by_share,
    phrase_splits,
    scenario_split,
)


@pytest.mark.parametrize("shares", [CORPUS_SHARES, PHRASE_SHARES])
def test_shares_are_met_and_depend_on_the_key_alone(shares):
    found = Counter(by_share(f"key {i}", shares) for i in range(4000))
    assert sum(shares.values()) == pytest.approx(1)
    for split, share in shares.items():
        assert found[split] / 4000 == pytest.approx(share, abs=0.03)
    assert by_share("key 7", shares) == by_share("key 7", shares)


@pytest.mark.parametrize("voice", TEST_VOICES)
def test_a_test_voice_is_test_only(voice):
    assert {authored_split(f"authored/{voice}-{i}", voice) for i in range(50)} == {"test"}


@pytest.mark.parametrize("voice", TWIN_VOICES)
def test_near_twins_stay_together(voice: str) -> None:
    assert {authored_split(f"authored/{voice}-{i}", voice) for i in range(50)} == {"train"}


@pytest.mark.parametrize(
    ("split", "listed", "risky", "harmless"),
    [("test", TEST_FAMILIES, 4, 6), ("validation", VALIDATION_FAMILIES, 2, 3)],
)
def test_held_out_families_exist_and_suffice(split, listed, risky, harmless):
    labels = [families()[name].label != "none" for name in listed]
    assert sum(labels) >= risky
    assert len(labels) - sum(labels) >= harmless
    assert {scenario_split(name) for name in listed} == {split}


def test_near_phrases_stay_together():
    texts = [f"meet by gate {i} after the game tonight then" for i in range(200)]
    texts += [text.upper() + "!" for text in texts]
    splits = phrase_splits((text, "self:ok") for text in texts)
    assert all(splits[text] == splits[text.upper() + "!"] for text in texts[:200])


def test_every_section_has_something_held_out():
    pairs = [
        (f"words {i} of section {section}", section) for section in "abcdef" for i in range(12)
    ]
    splits = phrase_splits(pairs)
    for section in "abcdef":
        found = Counter(splits[text] for text, name in pairs if name == section)
        assert min(found["validation"], found["test"]) >= 2
        assert found["train"] >= 4


def test_a_section_of_two_phrases_keeps_them_for_training_or_where_the_hash_says():
    pairs = [(f"phrase {word}", word) for word in "abcdefghij"]
    assert phrase_splits(pairs) == {text: by_share(text, PHRASE_SHARES) for text, _ in pairs}
