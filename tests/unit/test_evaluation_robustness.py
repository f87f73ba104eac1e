"""Perturbations change what they say and nothing else; marks follow their messages."""

from __future__ import annotations

import random
import unicodedata
from typing import Any

import pytest

from safelight_training.data.languages import LANGUAGES
from safelight_training.evaluation.robustness import texts
from safelight_training.evaluation.robustness.perturb import NAMES, STRENGTHS, perturbed
from safelight_training.evaluation.robustness.texts import TEXT_CHANGES

TEXT = "please tell me what you did at school today, my friend"


def chat(language: str = "en", text: str = TEXT) -> dict[str, Any]:
    messages = [
        {"sender": "peer" if i % 3 else "self", "text": f"{text} {i}", "offset_s": 60 * i,
         "indicators": ["secrecy"] if i == 5 else [], "cues": []}
        for i in range(20)
    ]  # fmt: skip
    return {"id": "a", "language": language, "label": "grooming", "first_sign": 5, "warn_by": 14,
            "risks": {"grooming": [5, 19], "sextortion": None}, "messages": messages}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_seeded_and_marks_follow(name: str, strength: str) -> None:
    before = chat()
    after = perturbed(before, name, strength)
    assert after == perturbed(chat(), name, strength)
    assert before == chat()  # the original is left alone
    first, by = after["first_sign"], after["warn_by"]
    assert 4 <= first <= by < len(after["messages"])
    if name not in ("order", "split"):
        assert after["messages"][first]["indicators"] == ["secrecy"]
    if name == "split":
        assert after["messages"][first]["text"].startswith("please")
    assert after["risks"]["grooming"][0] in (first, first + 1)
    clock = [m["offset_s"] for m in after["messages"]]
    assert clock == sorted(clock)


@pytest.mark.parametrize("name", [n for n in TEXT_CHANGES if n != "no_accents"])
def test_more_strength_touches_more(name: str) -> None:
    def changed(strength: float) -> int:
        words = []
        for seed in range(30):
            text = TEXT_CHANGES[name](TEXT, random.Random(seed), strength, "en")
            words.append(len(set(text.split()) - set(TEXT.split())))
        return sum(words)

    weak, strong = changed(0.1), changed(0.5)
    assert 0 < weak < strong


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (texts.no_accents, "où étais-tu à l'école", "ou etais-tu a l'ecole"),
        (texts.no_accents, "Straße über", "Strasse uber"),
        (texts.no_accents, "がっこう", "がっこう"),
        (texts.code_switch, "now you", "ahora tú"),
    ],
)
def test_everything_at_full_strength(name: Any, text: str, expected: str) -> None:
    assert name(text, random.Random(1), 1.0, "en") == expected


def test_what_a_reader_sees_stays() -> None:
    for seed in range(50):
        hidden = texts.zero_width(TEXT, random.Random(seed), 0.5, "en")
        assert hidden != TEXT
        assert "".join(c for c in hidden if c not in texts.HIDDEN) == TEXT
        apart = texts.spaced(TEXT, random.Random(seed), 0.5, "en")
        strip = str.maketrans("", "", " .-")
        assert apart.translate(strip) == TEXT.translate(strip)
        alike = texts.homoglyphs(TEXT, random.Random(seed), 0.5, "en")
        assert len(alike) == len(TEXT) and not alike.isascii()


def test_homoglyphs_are_letters_of_another_block() -> None:
    for letter, others in texts.HOMOGLYPHS.items():
        for other in others:
            assert other != letter and unicodedata.category(other) == "Ll"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_switched(language: str) -> None:
    table = texts._translations(language)
    text = " ".join(word for word in table if "-" not in word and "'" not in word)
    after = texts.code_switch(text, random.Random(1), 1.0, language)
    assert after != text and "-" not in after


def test_shape_of_messages() -> None:
    before = chat()
    doubled = perturbed(before, "duplicated", "strong")["messages"]
    assert len(doubled) == 30
    quiet = perturbed(before, "empty", "strong")["messages"]
    assert sum(m["text"] == "" for m in quiet) == 10
    long = perturbed(before, "very_long", "strong")["messages"]
    assert [len(m["text"]) for m in long if len(m["text"]) > 100] == [10_000]
    parts = perturbed(before, "split", "strong")["messages"]
    assert len(parts) > 20
    assert " ".join(m["text"] for m in parts) == " ".join(m["text"] for m in before["messages"])
    swapped = perturbed(before, "order", "strong")["messages"]
    texts_before = [m["text"] for m in before["messages"]]
    assert [m["text"] for m in swapped] != texts_before
    assert sorted(m["text"] for m in swapped) == sorted(texts_before)
    assert [m["sender"] for m in swapped] == [m["sender"] for m in before["messages"]]
