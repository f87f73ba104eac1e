"""The fixed words of the bundle: complete, kind and easy to read. Contacts: test_help_cards.py."""

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
LINTED = ("en", "fr")


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BUNDLE / name).read_text(encoding="utf-8"))
    return found


ADVICE = {language: load(f"advice/{language}.json") for language in LANGUAGES}
CARDS = load("resources.json")["cards"]
PRODUCT_LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")
ENTRIES = load("indicators.json")["indicators"]


def plain(text: str) -> str:
    """Lower case, straight apostrophes, ordinary spaces: what the lint tables are written in."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'"))


def stage_texts(language: str, stage: str) -> list[str]:
    words = ADVICE[language]["stages"][stage]
    return [words["title"], *words["lines"], words["action"], *words["steps"]]


def stage_text(language: str, stage: str) -> str:
    return plain(" ".join(stage_texts(language, stage)))


def own_texts(language: str) -> Iterator[str]:
    """Every text that Safelight itself says in a language; names of services and pages are not."""
    words = ADVICE[language]
    for part in ("levels", "ui", "indicator_names"):
        yield from words[part].values()
    for stage in STAGE_KEYS:
        yield from stage_texts(language, stage)
    for card in CARDS:
        for part in ("serves", "hours", "note"):
            if language in card[part]:
                yield card[part][language]
    for entry in ENTRIES:
        yield entry["name"][language]
        yield entry["description"][language]


# Structure ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loader_takes_the_advice(language: str) -> None:
    name = f"advice/{language}.json"
    assert parse_words((BUNDLE / name).read_bytes(), name).language == language


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
    for language in LANGUAGES:
        for text in own_texts(language):
            assert text == unicodedata.normalize("NFC", text).strip(), text
            assert 0 < len(text) <= 400, text


def test_no_review_is_claimed_that_did_not_happen() -> None:
    assert {words["review"] for words in ADVICE.values()} == {"none"}


# Copy lint ------------------------------------------------------------------------------------

#: What no text of Safelight may say. Written in the form of `plain`.
BANNED = {
    "en": (
        r"should(n't| not) have",
        r"why did you",
        r"you (knew|let them|were careless|asked for)",
        r"(?<!not )your (own )?fault",
        r"predator|groomer|p(a)?edophile|victim|offender|pervert|criminal|creep",
        r"\b(stupid|naive|foolish|silly|dirty|shame|ashamed|blame)\b",
        r"this person is|they are (dangerous|lying|not real)",
        r"\b(sexy?|nudes?|naked|porn\w*)\b",
        r"\b(confront|threaten them|get back at|trap them|pretend to)\b",
        r"(?<!don't )(?<!if you )(?<!may )\bpay\b",
        r"\b(erase|wipe|clear) (the|your|this)",
    ),
    "fr": (
        r"n'aurais pas dû|aurais dû|tu as eu tort",
        r"pourquoi (as-tu|tu as|t'as)",
        r"(?<!pas )(?<!pas de )\bta faute",
        r"prédateur|pédophile|pervers|victime|agresseur|criminel|groomer",
        r"\b(bête|stupide|naïf|naïve|idiot|honte|coupable|imprudent)",
        r"cette personne est|c'est un (menteur|manipulateur)",
        r"\b(nue?s?|nudes?|porno\w*)\b",
        r"\b(affronte|confronte|menace-le|venge-toi|piège-le|fais semblant)\b",
        r"(?<!ne )\bpaie\b",
        r"\bsupprim|efface (la|le|les|ton|ta|tes|cette|ce|tout)\b",
    ),
}
#: The only text that may speak of deleting: what the other person asks for.
DELETE_IS_DESCRIBED_IN = {
    "en": "asks to keep the chat or the contact secret, or to delete it.",
    "fr": "demande de garder secrète la discussion ou la relation, ou de l'effacer.",
}


@pytest.mark.parametrize("language", LINTED)
@pytest.mark.parametrize("index", range(11))
def test_no_blame_no_accusation_no_bad_advice(language: str, index: int) -> None:
    if index < len(BANNED[language]):
        for text in own_texts(language):
            assert not re.search(BANNED[language][index], plain(text)), text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You should not have sent it."),
        ("en", "It is your fault."),
        ("en", "You talk to a predator."),
        ("en", "Pay and it stops."),
        ("fr", "Tu n’aurais pas dû répondre."),
        ("fr", "C’est ta faute."),
        ("fr", "Supprime la discussion."),
        ("fr", "Paie et ce sera fini."),
    ],
)
def test_the_lint_catches(language: str, text: str) -> None:
    assert any(re.search(pattern, plain(text)) for pattern in BANNED[language])


@pytest.mark.parametrize(("language", "word"), [("en", r"\bdelet"), ("fr", r"\beffac|supprim")])
def test_nobody_is_told_to_delete(language: str, word: str) -> None:
    found = {plain(text) for text in own_texts(language) if re.search(word, plain(text))}
    assert found == {DELETE_IS_DESCRIBED_IN[language]}


@pytest.mark.parametrize(
    ("language", "screenshot", "never"),
    [
        ("en", "screenshot", "never take one of private pictures"),
        ("fr", "capture", "jamais des photos intimes"),
    ],
)
def test_screenshots_are_never_of_private_pictures(
    language: str, screenshot: str, never: str
) -> None:
    texts = [plain(text) for text in own_texts(language) if screenshot in plain(text)]
    assert texts
    assert all(never in text for text in texts)


NOT_YOUR_FAULT = {"en": "not your fault", "fr": "pas ta faute"}
NOT_IN_TROUBLE = {"en": "you are not in trouble", "fr": "rien à te reprocher"}
MONEY = {"en": r"\bpay|\bpaid|money", "fr": r"\bpa(y|ie)|argent"}
WRONG = {"en": r"can be wrong", "fr": r"peut se tromper"}
MATCHES = {"en": "some things in this chat match", "fr": "certaines choses dans cette discussion"}


@pytest.mark.parametrize("language", LINTED)
def test_what_must_be_said(language: str) -> None:
    after_harm = ("threat", "after", "crisis_self_harm", "crisis_task", "crisis_distress")
    for stage in after_harm:
        assert NOT_YOUR_FAULT[language] in stage_text(language, stage), stage
    for stage in ("threat", "after", "crisis_distress"):
        assert NOT_IN_TROUBLE[language] in stage_text(language, stage), stage
        assert re.search(MONEY[language], stage_text(language, stage)), stage
    ui = ADVICE[language]["ui"]
    assert re.search(WRONG[language], plain(ui["can_be_wrong"]))
    assert plain(ui["noticed"]).startswith(MATCHES[language])


@pytest.mark.parametrize("language", LINTED)
@pytest.mark.parametrize("stage", ["crisis_self_harm", "crisis_task"])
def test_a_crisis_without_money_does_not_speak_of_money(language: str, stage: str) -> None:
    assert not re.search(MONEY[language], stage_text(language, stage))


@pytest.mark.parametrize("language", LINTED)
def test_title_and_action_stand_alone(language: str) -> None:
    """At level notice they are all that is shown: short, one action, no exclamation."""
    for stage in STAGE_KEYS:
        words = ADVICE[language]["stages"][stage]
        for text in (words["title"], words["action"]):
            assert len(text) <= 60 and "!" not in text, text
            assert not text.endswith("."), text


# Reading age ----------------------------------------------------------------------------------

HIGHEST_GRADE = 6.0  # of US schools: about eleven years old


def counts(texts: list[str]) -> tuple[int, int, int]:
    """Letters and digits, words, sentences; every text ends a sentence."""
    sentences = [s for text in texts for s in re.split(r"[.!?:]+", text) if s.strip()]
    words = [w for s in sentences for w in re.findall(r"[\w’'-]+", s)]
    return sum(c.isalnum() for w in words for c in w), len(words), len(sentences)


def coleman_liau(texts: list[str]) -> float:
    """0.0588 L - 0.296 S - 15.8: letters and sentences per 100 words, as a US grade.

    M. Coleman and T. L. Liau, "A computer readability formula designed for machine scoring",
    Journal of Applied Psychology 60 (1975), 283-284.
    """
    letters, words, sentences = counts(texts)
    return 0.0588 * 100 * letters / words - 0.296 * 100 * sentences / words - 15.8


def automated_readability_index(texts: list[str]) -> float:
    """4.71 characters per word + 0.5 words per sentence - 21.43, as a US grade.

    R. J. Senter and E. A. Smith, "Automated Readability Index", AMRL-TR-66-220, Wright-Patterson
    Air Force Base (1967).
    """
    letters, words, sentences = counts(texts)
    return 4.71 * letters / words + 0.5 * words / sentences - 21.43


def test_the_formulas_by_hand() -> None:
    """57 letters, 18 words, 3 sentences: 18.62 - 4.93 - 15.8 and 14.92 + 3 - 21.43."""
    texts = ["You can say no.", "Nobody has a right to a picture of you.", "Talk to a helper now."]
    assert counts(texts) == (57, 18, 3)
    assert coleman_liau(texts) == pytest.approx(-2.11, abs=0.01)
    assert automated_readability_index(texts) == pytest.approx(-3.51, abs=0.01)


def clauses() -> list[str]:
    return [f"In this chat, somebody {name}." for name in ADVICE["en"]["indicator_names"].values()]


READ = {
    **{f"stage {stage}": stage_texts("en", stage) for stage in STAGE_KEYS},
    "indicator names": clauses(),
    "notes on cards": [card["note"]["en"] for card in CARDS if card["note"]],
}


@pytest.mark.parametrize("part", READ)
def test_english_can_be_read_at_eleven(part: str) -> None:
    assert coleman_liau(READ[part]) <= HIGHEST_GRADE
    assert automated_readability_index(READ[part]) <= HIGHEST_GRADE


@pytest.mark.parametrize(("language", "most"), [("en", 16), ("fr", 20)])
def test_sentences_are_short(language: str, most: int) -> None:
    for stage in STAGE_KEYS:
        for text in stage_texts(language, stage):
            for sentence in re.split(r"[.!?:]+", text):
                assert len(re.findall(r"[\w’'-]+", sentence)) <= most, sentence
