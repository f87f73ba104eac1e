"""Older data can be had without the voices that came later."""

from __future__ import annotations

import pytest

from safelight_training.data.generate import AUTHORED, authored_conversations
from safelight_training.data.languages import LANGUAGES
from safelight_training.data.version import DATA_VERSION, VOICES, can_be_had, later_voices


def test_the_newest_version_holds_every_voice() -> None:
    assert list(VOICES)[-1] == DATA_VERSION
    assert later_voices(DATA_VERSION) == frozenset()


def test_every_voice_that_came_later_stands_in_the_data() -> None:
    for voice in later_voices("0.5.0"):
        language, name = voice.split("-")
        assert (AUTHORED / language / f"{name}.txt").is_file(), voice


def test_older_data_is_the_same_without_them() -> None:
    for language in LANGUAGES:
        now = list(authored_conversations(language))
        before = list(authored_conversations(language, version="0.5.0"))
        later = later_voices("0.5.0")
        assert before == [chat for chat in now if chat["voice"] not in later]
        assert len(before) < len(now)


def test_what_cannot_be_had_is_an_error() -> None:
    assert can_be_had("0.5.0")
    assert not can_be_had("0.2.0")
    with pytest.raises(KeyError):
        later_voices("0.2.0")
