"""Older data can be had without the voices that came later."""

from __future__ import annotations

import pytest

from safelight_training.data import version
from safelight_training.data.generate import AUTHORED, authored_conversations
from safelight_training.data.languages import LANGUAGES
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
        assert (AUTHORED / language / f"{name}.txt").is_file(), voice


def test_older_data_is_the_same_without_them(older: str) -> None:
    assert later_voices(older) == frozenset(LATER)
    for language in LANGUAGES:
        now = list(authored_conversations(language))
        before = list(authored_conversations(language, version=older))
        assert before == [chat for chat in now if chat["voice"] not in LATER]
        assert len(before) < len(now)


def test_what_cannot_be_had_is_an_error() -> None:
    assert can_be_had(DATA_VERSION)
    assert not can_be_had("0.2.0")
    with pytest.raises(KeyError):
        later_voices("0.2.0")
