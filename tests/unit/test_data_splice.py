"""A practice chat inside a real one."""

import random

import pytest

from safelight_training.data.splice import splice


def risky(timed=True):
    messages = [
        {"sender": "peer", "text": f"r{i}", "indicators": [label] if label else [], "cues": []}
        for i, label in enumerate(("", "secrecy", "", "meet_request", ""))
    ]
    if timed:
        messages = [m | {"offset_s": i * 10} for i, m in enumerate(messages)]
    return {"id": "r", "language": "en", "label": "grooming", "first_sign": 1, "warn_by": 3,
            "risks": {"grooming": [1, 4], "sextortion": None}, "messages": messages}  # fmt: skip


def real(timed=True):
    messages = [{"sender": "self", "text": f"o{i}"} for i in range(12)]
    if timed:
        messages = [m | {"offset_s": i * 5} for i, m in enumerate(messages)]
    return {"id": "o", "language": "en", "label": "none", "real": True, "messages": messages}


def test_everything_is_there_in_order_and_marks_follow():
    depths, blocks = set(), set()
    for seed in range(100):
        chat = splice(risky(), real(), random.Random(seed))
        texts = [m["text"] for m in chat["messages"]]
        assert [t for t in texts if t[0] == "r"] == [f"r{i}" for i in range(5)]
        assert [t for t in texts if t[0] == "o"] == [f"o{i}" for i in range(12)]
        assert texts[chat["first_sign"]] == "r1"
        assert texts[chat["warn_by"]] == "r3"
        assert [texts[i] for i in chat["risks"]["grooming"]] == ["r1", "r4"]
        depths.add(texts.index("r0"))
        blocks.add(texts.index("r4") - texts.index("r0") > 4)
    assert len(depths) > 6
    assert blocks == {True, False}


def test_real_messages_are_masked_and_practice_ones_are_not():
    chat = splice(risky(), real(), random.Random(1))
    assert all(m.get("masked", False) is (m["text"][0] == "o") for m in chat["messages"])


@pytest.mark.parametrize(
    ("inner", "outer", "timed"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_times_stay_where_both_have_them(inner, outer, timed):
    for seed in range(30):
        chat = splice(risky(inner), real(outer), random.Random(seed))
        offsets = [m["offset_s"] for m in chat["messages"] if "offset_s" in m]
        assert len(offsets) == (17 if timed else 0)
        assert offsets == sorted(offsets)


def test_sources_are_left_alone():
    inner, outer = risky(), real()
    splice(inner, outer, random.Random(1))
    assert (inner, outer) == (risky(), real())


def test_two_languages_are_refused():
    with pytest.raises(ValueError, match="one language"):
        splice(risky(), {**real(), "language": "fr"}, random.Random(1))
