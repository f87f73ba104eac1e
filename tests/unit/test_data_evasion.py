"""Ways of writing around a word."""

import random
import unicodedata

import pytest

from safelight_training.data import evasion
from safelight_training.data.noise import HABITS


@pytest.mark.parametrize(
    ("change", "language", "before", "after"),
    [
        (evasion.leetspeak, "en", "ok house", "ok h0u53"),
        (evasion.look_alikes, "en", "ok peace", "ok реасе"),
        (evasion.transliterated, "ja", "もしもし、いまどこ?", "moshimoshi、imadoko?"),
        (evasion.transliterated, "ja", "今どこ?", "今どこ?"),
        (evasion.transliterated, "de", "größer", "groesser"),
        (evasion.transliterated, "en", "déjà", "déjà"),
    ],
)
def test_changes(change, language, before, after):
    assert change(before, random.Random(1), language) == after


@pytest.mark.parametrize("change", [change for change, _, _ in evasion.EVASIONS])
@pytest.mark.parametrize("language", ["en", "ja", "pt"])
def test_any_text_is_taken_and_the_same_seed_gives_the_same(change, language):
    for text in ("", "ok", "😂", "see you tomorrow then", "もしもし"):
        made = [change(text, random.Random(7), language) for _ in range(2)]
        assert made[0] == made[1]
        assert bool(made[0]) >= bool(text)


def test_spaced_letters_keep_every_letter():
    for seed in range(30):
        spaced = evasion.spaced_letters("see you tomorrow", random.Random(seed), "en")
        assert sorted(c for c in spaced if c.isalpha()) == sorted("seeyoutomorrow")
        assert len(spaced) == len("see you tomorrow") + len("tomorrow") - 1


def test_invisible_adds_one_character_that_nobody_sees():
    changed = evasion.invisible("tomorrow", random.Random(1), "en")
    extra = [c for c in changed if c not in "tomorrow"]
    assert len(extra) == 1
    assert unicodedata.category(extra[0]) == "Cf"


def test_a_reaction_is_of_another_language():
    found = {evasion.code_switched("hello", random.Random(seed), "en") for seed in range(60)}
    assert len(found) > 20
    assert all("hello" in text for text in found)
    assert not any("bruh" in text for text in found)


def test_evasion_is_rarer_than_slips():
    slips = {change.__name__: has * each for change, has, each in HABITS}
    rare = [has * each for change, has, each in evasion.EVASIONS if change.__name__ not in
            ("transliterated",)]  # fmt: skip
    assert max(rare) < slips["slip"]
