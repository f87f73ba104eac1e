"""What the words of Safelight may and may not say, in every language: tests/fixtures/copy.

The advice is linted, and with it the words of help cards and indicators. Every check has a table
of sentences that it must catch, so that it can fail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textstat

import safelight
from safelight.advice import ADULT, AUDIENCES, YOUNG
from safelight.resources import STAGE_KEYS

BUNDLE = Path(safelight.__file__).parent / "bundle"
COPY = Path(__file__).parents[1] / "fixtures" / "copy"
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BUNDLE / name).read_text(encoding="utf-8"))
    return found


def read_rules(language: str) -> dict[str, list[str]]:
    """The sections of a language's file: name → its lines."""
    sections: dict[str, list[str]] = {}
    for line in (COPY / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\[[a-z]+\]", line):
            sections[line[1:-1]] = []
        elif line:
            sections[list(sections)[-1]].append(line)
    return sections


ADVICE = {language: load(f"advice/{language}.json") for language in LANGUAGES}
CARDS = load("resources.json")["cards"]
INDICATORS = load("indicators.json")["indicators"]
FRICTION = json.loads((BUNDLE.parent / "words" / "friction.json").read_text("utf-8"))["languages"]
RULES = {language: read_rules(language) for language in LANGUAGES}
#: language → name → expression, of phrases that the checks below look for.
WORDS: dict[str, dict[str, str]] = {
    language: dict(line.split(" = ", 1) for line in rules["words"])
    for language, rules in RULES.items()
}
EACH_STAGE = [
    pytest.param(language, stage, audience, id=f"{language}-{stage}-{audience}")
    for language in LANGUAGES
    for stage in STAGE_KEYS
    for audience in AUDIENCES
]


def plain(text: str) -> str:
    """Lower case, straight apostrophes, ordinary spaces: what the rules are written in."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'"))


def texts_of(language: str, stage: str, audience: str) -> list[str]:
    words = ADVICE[language]["stages"][stage][audience]
    return [words["title"], *words["lines"], words["action"], *words["steps"]]


def shared_texts(language: str) -> list[str]:
    """What both audiences read."""
    parts = (ADVICE[language][part] for part in ("levels", "ui", "indicator_names"))
    return [text for part in parts for text in part.values()]


def asked_texts(language: str) -> Iterator[str]:
    """The questions of friction."""
    words = FRICTION[language]
    yield words["stay"]
    for ask in (*words["send"].values(), *words["arrive"].values()):
        yield from ask.values()


def own_texts(language: str) -> Iterator[str]:
    """Every text that Safelight itself says in a language; names of services and pages are not."""
    yield from shared_texts(language)
    for stage in STAGE_KEYS:
        for audience in AUDIENCES:
            yield from texts_of(language, stage, audience)
    yield from asked_texts(language)
    for card in CARDS:
        yield from (card[part][language] for part in ("serves", "hours", "note")
                    if language in card[part])  # fmt: skip
    for entry in INDICATORS:
        yield entry["name"][language]
        if entry["id"] != "secrecy":  # it describes that somebody asks to delete a chat
            yield entry["description"][language]


def says(language: str, name: str, text: str) -> bool:
    return re.search(WORDS[language][name], plain(text)) is not None


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[.!?:。！？：]+", text) if part.strip()]


# Never ----------------------------------------------------------------------------------------


def caught(language: str, text: str) -> list[str]:
    """The rules that a text breaks."""
    return [rule for rule in RULES[language]["banned"] if re.search(rule, plain(text))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_blame_no_accusation_no_harmful_advice(language: str) -> None:
    assert {text: rules for text in own_texts(language) if (rules := caught(language, text))} == {}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code in LANGUAGES for text in RULES[code]["bad"]]
)
def test_the_lint_catches(language: str, text: str) -> None:
    assert caught(language, text)


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code in LANGUAGES for text in RULES[code]["good"]]
)
def test_the_lint_lets_look_alikes_pass(language: str, text: str) -> None:
    assert caught(language, text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_catches_something(language: str) -> None:
    rules = RULES[language]
    used = {rule for text in rules["bad"] for rule in caught(language, text)}
    assert used == set(rules["banned"])


# Always ---------------------------------------------------------------------------------------

AFTER_HARM = ("threat", "after", "crisis_self_harm", "crisis_task", "crisis_distress")
ABOUT_MONEY = ("threat", "after", "crisis_distress")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_that_it_can_be_wrong_and_speaks_of_things_not_of_people(language: str) -> None:
    ui = ADVICE[language]["ui"]
    assert says(language, "wrong", ui["can_be_wrong"])
    assert says(language, "noticed", ui["noticed"])


@pytest.mark.parametrize(("language", "stage", "audience"), EACH_STAGE)
def test_what_a_stage_says_of_fault_and_money(language: str, stage: str, audience: str) -> None:
    """Not your fault, once something happened; of money only where money is the matter."""
    text = " ".join(texts_of(language, stage, audience))
    assert says(language, "fault", text) == (stage in AFTER_HARM)
    assert says(language, "money", text) == (stage in ABOUT_MONEY)


def save_then_block(language: str, steps: list[str]) -> bool:
    """Whether blocking comes after saving chat and profile, and saving spares private pictures."""
    saved = False
    for step in steps:
        for sentence in re.split(r"(?<=[.。])", step):
            if says(language, "block", sentence) and not saved:
                return False
            saved = saved or says(language, "save", sentence)
        if says(language, "save", step) and not says(language, "private", step):
            return False
    return True


@pytest.mark.parametrize(("language", "stage", "audience"), EACH_STAGE)
def test_save_first_then_block(language: str, stage: str, audience: str) -> None:
    steps = ADVICE[language]["stages"][stage][audience]["steps"]
    assert save_then_block(language, steps)
    blocks = any(says(language, "block", step) for step in steps)
    assert blocks == (stage in (*ABOUT_MONEY, "crisis_task"))


@pytest.mark.parametrize(
    ("steps", "fine"),
    [
        (["Save the chat and the profile, but never private pictures.", "Then block it."], True),
        (["Save the chat and the profile, but never private pictures. Then block it."], True),
        (["Block it.", "Save the chat and the profile, but never private pictures."], False),
        (["Block it. Save the chat and the profile, but never private pictures."], False),
        (["Save the chat and the profile.", "Then block it."], False),
        (["Report it and block it."], False),
    ],
)
def test_the_order_that_is_wanted(steps: list[str], fine: bool) -> None:
    assert save_then_block("en", steps) is fine


def one_action(text: str) -> bool:
    """One sentence of at most 60 characters, without an end mark: it can stand alone."""
    return len(text) <= 60 and re.search(r"[.!?:;。！？；\n]", text) is None


@pytest.mark.parametrize(("language", "stage", "audience"), EACH_STAGE)
def test_there_is_one_action(language: str, stage: str, audience: str) -> None:
    words = ADVICE[language]["stages"][stage][audience]
    assert one_action(words["action"])
    assert len(words["title"]) <= 60 and not re.search(r"[.!。！]$|!", words["title"])


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("Talk to someone you trust", True),
        ("Stop replying. Report the account", False),
        ("Talk to someone!", False),
        ("返事をやめてください。通報してください", False),
        ("Talk to someone you trust about this chat and about the other chats too", False),
    ],
)
def test_what_counts_as_one_action(text: str, one: bool) -> None:
    assert one_action(text) is one


# The same in every language ---------------------------------------------------------------------


@pytest.mark.parametrize(("language", "stage", "audience"), EACH_STAGE)
def test_all_languages_say_as_much_on_the_same_sources(
    language: str, stage: str, audience: str
) -> None:
    here, english = (ADVICE[code]["stages"][stage] for code in (language, "en"))
    for part in ("lines", "steps"):
        assert len(here[audience][part]) == len(english[audience][part])
    assert here["sources"] == english["sources"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_adults_have_words_of_their_own(language: str) -> None:
    for stage in STAGE_KEYS:
        assert texts_of(language, stage, ADULT) != texts_of(language, stage, YOUNG), stage


# How it speaks ----------------------------------------------------------------------------------


def misaddressed(language: str, audience: str, text: str) -> bool:
    """Whether a text addresses the reader in the way that is not theirs (vous for tu, …)."""
    rule = WORDS[language].get(f"not_{audience}")
    return rule is not None and re.search(rule, text) is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_one_address_throughout(language: str, audience: str) -> None:
    said = [text for stage in STAGE_KEYS for text in texts_of(language, stage, audience)]
    for text in (*said, *shared_texts(language)):
        assert not misaddressed(language, audience, text), text


@pytest.mark.parametrize(
    ("language", "audience", "text"),
    [
        ("de", YOUNG, "Haben Sie Fragen?"),
        ("es", YOUNG, "Usted puede decir que no."),
        ("fr", YOUNG, "Vous pouvez dire non."),
        ("fr", ADULT, "Tu peux dire non."),
        ("fr", ADULT, "Rien ne t’oblige à répondre."),
        ("it", YOUNG, "Come vuole Lei."),
        ("pt", YOUNG, "A escolha é de você."),
        ("pt", ADULT, "A culpa não é tua."),
    ],
)
def test_a_wrong_address_is_found(language: str, audience: str, text: str) -> None:
    assert misaddressed(language, audience, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_discreet_words_hint_at_nothing(language: str) -> None:
    ui = ADVICE[language]["ui"]
    assert not says(language, "hint", ui["discreet"]) and len(ui["discreet"]) <= 40
    assert not says(language, "hint", ui["muted_urgent"]) and len(ui["muted_urgent"]) <= 80
    assert says(language, "hint", ADVICE[language]["levels"]["urgent"])  # the rule can fail


MOST_WORDS, MOST_CHARACTERS = 15, 45  # of a sentence; characters in Japanese


def too_long(language: str, text: str) -> list[str]:
    if language == "ja":
        return [part for part in sentences(text) if len(part) > MOST_CHARACTERS]
    return [s for s in sentences(text) if len(re.findall(r"[\w’'-]+", s)) > MOST_WORDS]


@pytest.mark.parametrize(("language", "stage", "audience"), EACH_STAGE)
def test_sentences_are_short(language: str, stage: str, audience: str) -> None:
    assert [
        s for text in texts_of(language, stage, audience) for s in too_long(language, text)
    ] == []


def test_a_long_sentence_is_found() -> None:
    assert too_long("de", "eins " * 15 + ". " + "eins " * 15) == []
    assert too_long("de", "eins " * 16) != []
    assert too_long("ja", "あ" * 46 + "。") != [] and too_long("ja", "あ" * 45 + "。") == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_japanese_is_polite_and_for_the_young_mostly_kana(audience: str) -> None:
    said = [text for stage in STAGE_KEYS for text in texts_of("ja", stage, audience)]
    for text in (text for text in said if text.endswith("。")):
        for sentence in sentences(text):
            assert re.search(WORDS["ja"]["ending"], sentence), sentence
    share = len(re.findall(r"[一-龯]", "".join(said))) / len("".join(said))
    assert share <= (0.20 if audience == YOUNG else 0.35)


HIGHEST_GRADE = {YOUNG: 6.0, ADULT: 8.0}  # of US schools; grade 6 is about eleven years old


def grade(texts: list[str]) -> float:
    """The higher of two formulas that need no dictionary; every text ends a sentence."""
    text = " ".join(text if text.endswith((".", "?")) else f"{text}." for text in texts)
    return max(textstat.automated_readability_index(text), textstat.coleman_liau_index(text))


@pytest.mark.parametrize("stage", STAGE_KEYS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_english_can_be_read_at_eleven(stage: str, audience: str) -> None:
    assert grade(texts_of("en", stage, audience)) <= HIGHEST_GRADE[audience]


def test_english_names_and_notes_can_be_read_at_eleven() -> None:
    names = ADVICE["en"]["indicator_names"].values()
    assert grade([f"In this chat, somebody {name}." for name in names]) <= HIGHEST_GRADE[YOUNG]
    notes = [card["note"]["en"] for card in CARDS if card["note"]]
    assert grade(notes) <= HIGHEST_GRADE[YOUNG]


def test_a_hard_text_is_found() -> None:
    hard = "Preserve evidentiary material before contacting the appropriate authorities."
    assert grade([hard]) > HIGHEST_GRADE[ADULT]
