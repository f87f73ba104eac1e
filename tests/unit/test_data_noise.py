"""Noise on texts and times."""

import copy
import random
from itertools import pairwise

import pytest

from safelight_training.data import noise
from safelight_training.data.noise import noisy

CHAT = {
    "id": "c",
    "language": "en",
    "label": "grooming",
    "risks": {"grooming": [1, 2], "sextortion": None},
    "first_sign": 1,
    "warn_by": 2,
    "messages": [
        {"sender": "self", "text": "I don't know what you are doing tomorrow, honestly.",
         "indicators": [], "cues": ["refusal"], "offset_s": 0},
        {"sender": "peer", "text": "please keep this between you and me for now okay",
         "indicators": ["secrecy"], "cues": [], "offset_s": 9},
        {"sender": "peer", "text": "can we meet because I want to talk about the game",
         "indicators": ["meet_request"], "cues": [], "offset_s": 40},
        {"sender": "self", "text": "", "media": "image", "indicators": [], "cues": [],
         "offset_s": 50},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "language", "before", "after"),
    [
        (noise.without_apostrophes, "en", "I don't", "I dont"),
        (noise.without_apostrophes, "fr", "j’ai 'vu'", "jai 'vu'"),
        (noise.without_accents, "fr", "déjà là, ça va", "deja la, ca va"),
        (noise.lower_case, "en", "OK Then", "ok then"),
        (noise.upper_case, "en", "ok", "OK"),
        (noise.without_punctuation, "en", "yes, I am. 3.5", "yes I am 3.5"),
        (noise.slip, "en", "so we go", "so we go"),
        (noise.wrong_key, "en", "", ""),
    ],
)
def test_changes(change, language, before, after):
    assert change(before, random.Random(1), language) == after


@pytest.mark.parametrize("change", [noise.slip, noise.wrong_key])
def test_a_slip_changes_two_letters_at_most(change):
    for seed in range(50):
        text = change("football practice", random.Random(seed), "en")
        assert abs(len(text) - 17) <= 1
        assert text.split(" ")[0] == "football" or text.split(" ")[1] == "practice"


def test_a_careless_writer_slips_in_a_quarter_of_the_long_words():
    words = [
        "football",
        "practice",
        "tomorrow",
        "evening",
        "together",
        "anyway",
        "because",
        "weather",
    ]
    for seed in range(50):
        text = noise.careless(" ".join(words), random.Random(seed), "en").split(" ")
        assert 1 <= sum(a != b for a, b in zip(words, text, strict=True)) <= 2
    assert noise.careless("ok so we go", random.Random(1), "en") == "ok so we go"


def test_abbreviations_are_of_the_language():
    found = {noise.abbreviated("pourquoi tomorrow", random.Random(s), "fr") for s in range(20)}
    assert found == {"pourquoi tomorrow", "pk tomorrow"}


def test_repeats_and_emoji_only_add():
    assert noise.stretched("so cool!", random.Random(1), "en").startswith("so cooll")
    assert noise.with_emoji("hey", random.Random(1), "en").startswith("hey ")


def test_the_same_seed_gives_the_same_chat_and_the_source_is_left_alone():
    before = copy.deepcopy(CHAT)
    assert noisy(CHAT, random.Random(3)) == noisy(CHAT, random.Random(3))
    assert before == CHAT
    assert len({str(noisy(CHAT, random.Random(seed))) for seed in range(20)}) > 10


def test_marks_and_labels_stay_on_their_messages():
    split = merged = halves = 0
    for seed in range(300):
        chat = noisy(CHAT, random.Random(seed))
        messages = chat["messages"]
        split += len(messages) > len(CHAT["messages"])
        merged += len(messages) < len(CHAT["messages"])
        assert "secrecy" in messages[chat["first_sign"]]["indicators"]
        assert "meet_request" in messages[chat["warn_by"]]["indicators"]
        assert chat["risks"]["grooming"] == [chat["first_sign"], chat["warn_by"]]
        assert sum(len(m["indicators"]) + len(m["cues"]) for m in messages) == 3
        for head, tail in pairwise(messages):  # what half a message may show
            assert set(head.get("unsure", ())) <= {*tail["indicators"], *tail["cues"]}
        halves += sum("secrecy" in m.get("unsure", ()) for m in messages)
        assert messages[-1]["media"] == "image"
    assert 0 < split < 100
    assert 0 < merged < 30
    assert halves


def test_only_one_writer_s_words_are_merged():
    one = {"sender": "peer", "text": "hello", "indicators": []}
    assert noise._mergeable(one, one)
    for other in ({"sender": "self"}, {"text": ""}, {"media": "image"}, {"masked": True}):
        assert not noise._mergeable(one, {**one, **other})


def test_only_talk_comes_without_words():
    talk = {"sender": "peer", "text": "hello", "indicators": [], "cues": []}
    act = {**talk, "indicators": ["secrecy"]}
    changed = [noise._wordless(talk, random.Random(seed)) for seed in range(500)]
    without = [message for message in changed if not message["text"]]
    assert 0 < len(without) < 30
    assert all(message["media"] for message in without)
    assert all(noise._wordless(act, random.Random(seed)) == act for seed in range(200))


def test_half_lose_their_times_and_times_never_run_back():
    bare = {**CHAT, "messages": [{"sender": "a", "text": "hello there"}] * 3}
    for chat in (CHAT, bare):
        timed = 0
        for seed in range(200):
            offsets = [m.get("offset_s") for m in noisy(chat, random.Random(seed))["messages"]]
            if None not in offsets:
                timed += 1
                assert offsets == sorted(offsets)
        assert 60 < timed < 140


def test_most_chats_get_pauses_that_their_writer_did_not_choose():
    days = [{"sender": "a", "text": "hello there", "offset_s": i * 86400} for i in range(30)]
    kept = drawn = 0
    for seed in range(300):
        offsets = [
            m.get("offset_s") for m in noisy({"messages": days}, random.Random(seed))["messages"]
        ]
        if offsets[-1] is not None:
            slow = min(b - a for a, b in pairwise(offsets)) >= 43200
            kept, drawn = kept + slow, drawn + (not slow)
    assert 0.1 < kept / (kept + drawn) < 0.3


def test_unlabelled_messages_stay_unlabelled():
    chat = {"language": "ja", "messages": [{"sender": "self", "text": "a b c d e f g h"}]}
    for seed in range(50):
        assert all("indicators" not in m for m in noisy(chat, random.Random(seed))["messages"])
