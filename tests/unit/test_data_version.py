"""Older data can be had without the voices that came later."""

from __future__ import annotations

import pytest

from safelight_training.data import version
from safelight_training.data.generate import (
    AUTHORED,
    authored_conversations,
    scenario_conversations,
)
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.near import pairs
from safelight_training.data.phrasebook import FOLDER, pools, read_language
from safelight_training.data.splits import TWIN_VOICES
from safelight_training.data.version import DATA_VERSION, VOICES, can_be_had, later_voices

LATER = ("de-v02", "en-v10", "es-v02", "fr-v06", "it-v02", "ja-v02", "pt-v02")


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> str:
    """A version to which the newest added the voices LATER."""
    monkeypatch.setattr(version, "VOICES", {"0.0.1": (), DATA_VERSION: LATER})
    return "0.0.1"


def test_the_newest_version_holds_every_voice() -> None:
    assert list(VOICES)[-1] == DATA_VERSION
    assert later_voices(DATA_VERSION) == frozenset()


def test_every_voice_that_came_later_stands_in_the_data() -> None:
    for voice in later_voices(next(iter(VOICES))):
        language, name = voice.split("-")
        folder = FOLDER if name.startswith("p") else AUTHORED
        assert (folder / language / f"{name}.txt").is_file(), voice


def test_older_data_is_the_same_without_them(older: str) -> None:
    assert later_voices(older) == frozenset(LATER)
    for language in LANGUAGES:
        now = list(authored_conversations(language))
        before = list(authored_conversations(language, version=older))
        assert before == [chat for chat in now if chat["voice"] not in LATER]
        assert len(before) < len(now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_phrases_are_those_of_the_data_before(language: str) -> None:
    phrases = read_language(FOLDER / language)
    before = pools([phrase for phrase in phrases if phrase.voice not in TWIN_VOICES])
    now = pools(phrases)
    for split in ("validation", "test"):
        assert now[split] == before[split]
    assert len(now["train"].voices) > len(before["train"].voices)


def test_older_practice_chats_are_the_same_without_later_phrases() -> None:
    counts = {"train": 20, "validation": 20, "test": 20}
    older, now = (
        list(scenario_conversations(1, "de", counts, version=version))
        for version in ("0.10.0", DATA_VERSION)
    )
    assert not any(chat["voice"] in TWIN_VOICES for chat in older)
    assert [c for c in older if c["split"] != "train"] == [c for c in now if c["split"] != "train"]
    assert any(chat["voice"] in TWIN_VOICES for chat in now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_later_phrase_nearly_stands_in_a_split_that_is_held_out(language: str) -> None:
    phrases = read_language(FOLDER / language)
    found = pools(phrases)
    held_out = [
        text
        for split in ("validation", "test")
        for texts in found[split].by_section.values()
        for text in texts
    ]
    later = [phrase.text for phrase in phrases if phrase.voice in TWIN_VOICES]
    near = pairs([*held_out, *later])
    assert [b - len(held_out) for a, b in near if a < len(held_out) <= b] == []


def test_what_cannot_be_had_is_an_error() -> None:
    assert can_be_had(DATA_VERSION)
    assert not can_be_had("0.2.0")
    with pytest.raises(KeyError):
        later_voices("0.2.0")
