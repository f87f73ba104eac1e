"""The fixed words of the bundle: complete and well formed.

What they say is looked at in test_advice_copy.py, contacts in test_help_cards.py.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import safelight
from safelight.advice import parse_words
from safelight.resources import STAGE_KEYS, parse_resources
from safelight.taxonomy import INDICATORS

BUNDLE = Path(safelight.__file__).parent / "bundle"
LANGUAGES = tuple(sorted(path.stem for path in (BUNDLE / "advice").glob("*.json")))


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BUNDLE / name).read_text(encoding="utf-8"))
    return found


ADVICE = {language: load(f"advice/{language}.json") for language in LANGUAGES}
CARDS = load("resources.json")["cards"]
PRODUCT_LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")
ENTRIES = load("indicators.json")["indicators"]


def plain(text: str) -> str:
    """Lower case, straight apostrophes, ordinary spaces: what the tables below are written in."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'"))


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from strings(entry)


# Structure ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loader_takes_the_advice(language: str) -> None:
    name = f"advice/{language}.json"
    assert parse_words((BUNDLE / name).read_bytes(), name).language == language


def test_there_is_advice_in_every_language_of_the_product() -> None:
    assert LANGUAGES == PRODUCT_LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_and_every_indicator_has_words(language: str) -> None:
    assert tuple(ADVICE[language]["stages"]) == STAGE_KEYS
    assert tuple(ADVICE[language]["indicator_names"]) == INDICATORS


def test_the_loader_takes_the_cards() -> None:
    resources = parse_resources((BUNDLE / "resources.json").read_bytes())
    assert len(resources.services) == len(CARDS)


def test_indicators_are_those_of_the_taxonomy_in_its_order() -> None:
    assert tuple(entry["id"] for entry in ENTRIES) == INDICATORS
    for entry in ENTRIES:
        assert set(entry) == {"id", "name", "description", "sources"}
        assert set(entry["name"]) == set(entry["description"]) == set(PRODUCT_LANGUAGES)
        for language, description in entry["description"].items():
            assert re.fullmatch(r"[^.!?。]+[.。]", description), (entry["id"], language)


def test_every_indicator_names_a_public_source() -> None:
    for entry in ENTRIES:
        assert entry["sources"], entry["id"]
        for source in entry["sources"]:
            assert set(source) == {"title", "url", "publisher"}
            assert source["title"] and source["publisher"]
            assert source["url"] is None or re.fullmatch(r"https://\S+", source["url"])


def test_only_these_indicators_rest_on_a_page_that_nobody_could_read() -> None:
    unread = {e["id"] for e in ENTRIES if all(s["url"] is None for s in e["sources"])}
    assert unread == {"risk_check"}


def test_texts_are_nfc_trimmed_and_short() -> None:
    for text in strings([*ADVICE.values(), CARDS, ENTRIES]):
        assert text == unicodedata.normalize("NFC", text).strip(), text
        assert 0 < len(text) <= 400, text


def test_no_review_is_claimed_that_did_not_happen() -> None:
    assert {words["review"] for words in ADVICE.values()} == {"none"}
