"""Which text a language tag picks, everywhere alike."""

from __future__ import annotations

import pytest

from safelight import Guard
from safelight.by_language import pick, primary
from safelight.evidence_words import words
from safelight.recontact import Hint


@pytest.fixture(scope="module")
def shipped() -> Guard:
    return Guard.load()


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr", "fr"), ("FR", "fr"), ("fr-CA", "fr"), ("fr_CA", "fr"), ("jam", "jam"), ("", "")],
)
def test_the_language_of_a_tag(tag: str, language: str) -> None:
    assert primary(tag) == language


def test_english_where_there_is_none() -> None:
    texts = {"en": "hello", "ja": "やあ"}
    assert [pick(texts, tag) for tag in ("ja-JP", "jam", "nl", "")] == [
        "やあ", "hello", "hello", "hello",
    ]  # fmt: skip


@pytest.mark.parametrize("tag", ["fr-CA", "FR", "fr_FR"])
def test_every_text_goes_by_it(tag: str, shipped: Guard) -> None:
    indicator = shipped.indicators["secrecy"]
    for say in (indicator.name, indicator.description, Hint.NAME.words, shipped.line):
        assert say(tag) == say("fr") != say("en")
    assert shipped.guide("after", tag).language == words(tag).language == "fr"
    assert shipped.book.words(tag).language == "fr"
