"""Leaks, balance and shortcuts are found where they are planted."""

import random

import pytest

from safelight_training.data.audit import balance, lines
from safelight_training.data.leaks import leaks
from safelight_training.data.shortcuts import language_shortcut, shortcut_baselines, splice_shortcut

#: What necessarily comes with a planted shortcut.
RELATED = {
    ("lengths", "style"), ("style", "lengths"), ("who", "lengths"), ("emoji", "lengths"),
    ("punctuation", "lengths"), ("emoji", "style"), ("punctuation", "style"), ("who", "emoji"),
    ("who", "punctuation"),
}  # fmt: skip
WORDS = [a + b for a in ("ba", "ki", "mo", "tu", "re") for b in ("lan", "pos", "dir", "gem", "sut")]


def chat(i, risky, rng, plant=""):
    messages = []
    for n in range(12):
        owner = rng.random() < (0.9 if plant == "who" and risky else 0.5)
        count = 12 if plant == "lengths" and risky else 5
        words = [rng.choice(WORDS) for _ in range(count)]
        if plant == "style" and risky:
            words[0] = "would"
        if plant == "emoji" and risky:
            words.append("🙂")
        if plant == "punctuation" and risky:
            words[-1] += "?"
        gap = 4000 if plant == "times" and risky else rng.randint(1, 60)
        clock = (messages[-1]["offset_s"] if messages else 0) + gap
        messages.append({"sender": "self" if owner else "peer", "text": " ".join(words),
                         "offset_s": clock, "indicators": [], "cues": []})  # fmt: skip
        messages[n]["sender"] = messages[n]["sender"] if n else "peer"
    return {"id": f"{i}", "language": "en", "label": "grooming" if risky else "none",
            "first_sign": 6, "split": "train", "family": f"f{i}", "voice": "v",
            "messages": messages}  # fmt: skip


@pytest.mark.parametrize("plant", ["", "who", "lengths", "times", "emoji", "punctuation", "style"])
def test_a_planted_shortcut_is_found_and_no_other(plant):
    rng = random.Random(7)
    scores = shortcut_baselines([chat(i, i % 2 == 0, rng, plant) for i in range(240)])
    for name, score in scores.items():
        if name == plant:
            assert score > 0.9
        elif (plant, name) not in RELATED:
            assert score < 0.65, name


def test_the_language_alone_is_found():
    rng = random.Random(3)
    chats = [chat(i, i % 2 == 0, rng) for i in range(60)]
    assert language_shortcut(chats) == 0.5
    for each in chats:
        each["language"] = "fr" if each["label"] == "none" else "en"
    assert language_shortcut(chats) == 1.0


@pytest.mark.parametrize(("word", "low", "high"), [("", 0.35, 0.65), ("would would would", 0.8, 1)])
def test_what_stands_around_a_splice_is_found(word, low, high):
    rng = random.Random(5)
    written = [chat(i, i % 2 == 0, rng) for i in range(300)]
    for each in written:
        each["risks"] = {"grooming": [6, 11] if each["label"] != "none" else None}
        for message in each["messages"] if each["label"] != "none" else ():
            message["text"] = f"{word} {message['text']}".strip()
    real = [chat(i, False, rng) for i in range(1000, 1040)]
    assert low <= splice_shortcut(written, real) <= high


def test_leaks_are_counted():
    rng = random.Random(1)
    one, two = chat(1, True, rng), chat(2, False, rng)
    two["split"] = "test"
    clean = leaks([one, two])
    assert clean == {"families": 0, "chats": 0, "messages": 0, "near_messages": 0}
    two["messages"][0]["text"] = one["messages"][0]["text"].upper()
    two["messages"][1]["text"] = one["messages"][1]["text"]
    two["family"] = one["family"]
    found = leaks([one, two])
    assert (found["families"], found["messages"]) == (1, 2)
    assert leaks([one, {**one, "split": "test"}])["chats"] == 1


def test_balance_by_voice():
    rng = random.Random(1)
    chats = [chat(1, True, rng), chat(2, False, rng), chat(3, False, rng)]
    assert balance(chats) == {"v": 2.0}


def test_lines():
    assert lines({"leaks": {"chats": 0}}) == ["leaks: chats = 0"]
