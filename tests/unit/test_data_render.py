"""Filling plans with phrases."""

from dataclasses import replace

import pytest

from safelight_training.data.phrasebook import Phrase, Pools, pools
from safelight_training.data.render import Renderer
from safelight_training.data.scenario import Slot

LISTS = {name: [f"{name}{i}" for i in range(9)]
         for name in ("name", "place", "game", "app", "amount", "age", "time", "day")}  # fmt: skip


def renderer(phrases, seed="s"):
    """A renderer over {section: [texts]}, all by voice "v" and in one split."""
    found = Pools(("v",), {("v", name): texts for name, texts in phrases.items()}, phrases)
    return Renderer(found, LISTS, "v", "film", seed)


def texts(phrases, slots, lengths=(), seed="s"):
    return [m["text"] for m in renderer(phrases, seed).messages(slots, lengths)[0]]


def test_labels_follow_acts_and_senders():
    phrases = {"secrecy": ["one"], "pressure": ["two"], "refusal": ["three"]}
    slots = [Slot("peer", ("secrecy", "pressure")), Slot("self", ("refusal",))]
    messages, kept = renderer(phrases).messages(slots)
    assert kept == [0, 1]
    assert [(m["sender"], m["text"], m["indicators"], m["cues"]) for m in messages] == [
        ("peer", "one two", ["secrecy", "pressure"], []),
        ("self", "three", [], ["refusal"]),
    ]


def test_a_look_alike_that_may_be_the_act_is_unsure_of_it():
    phrases = {"twin:meet_request": ["come round on {day}", "meet at the match"]}
    slots = [Slot("peer", ("twin:meet_request",))] * 2
    settled = renderer(phrases)
    unsettled = replace(settled.pools, unsettled=frozenset(["come round on {day}"]))
    messages, _ = Renderer(unsettled, LISTS, "v", "film", "s").messages(slots)
    assert {m["text"][:4]: m.get("unsure") for m in messages} == {
        "come": ["meet_request"], "meet": None,
    }  # fmt: skip
    assert not any("unsure" in m for m in settled.messages(slots)[0])


def test_a_member_of_a_group_has_a_name():
    messages, _ = renderer({"peer:react": ["ha"]}).messages([Slot("other", ("peer:react",))])
    assert messages[0]["sender"] in LISTS["name"]


def test_a_sign_without_phrases_leaves_its_slot_empty():
    slots = [Slot("peer", ("secrecy",)), Slot("peer", ("pressure",))]
    messages, kept = renderer({"pressure": ["two"], "peer:chat": ["x"]}).messages(slots)
    assert ([m["text"] for m in messages], kept) == (["two"], [1])


def test_the_game_stays_the_same_all_through_a_chat():
    phrases = {"peer:chat": [f"{i} {{game}} {{name}}" for i in range(9)]}
    found = [text.split() for text in texts(phrases, [Slot("peer", ("peer:chat",))] * 9)]
    assert len({game for _, game, _ in found}) == 1
    assert len({name for _, _, name in found}) > 1
    assert len({number for number, _, _ in found}) == 9


@pytest.mark.parametrize("near", [10, 20, 40, 60])
def test_a_length_that_is_asked_for_is_met(near):
    phrases = {
        "twin:secrecy": ["x" * n for n in range(8, 30, 3)],
        "peer:chat": ["y" * n for n in range(9, 60, 3)],
        "peer:react": ["z" * n for n in range(1, 22, 3)],
    }
    for seed in range(20):
        (text,) = texts(phrases, [Slot("peer", ("twin:secrecy",))], [near], str(seed))
        assert text.startswith("x")
        assert abs(len(text) - near) <= 5


def test_an_exhausted_topic_gives_way_to_other_talk():
    phrases = {"film>": ["only one"], "peer:chat": [f"other {i}" for i in range(60)]}
    found = texts(phrases, [Slot("peer")] * 40)
    assert found.count("only one") <= 1


def test_two_plans_share_what_they_have_in_common():
    phrases = {"film>": [f"f{i}" for i in range(80)], "secrecy": ["s"], "special_bond": ["b"]}
    talk = [Slot("peer")] * 5
    first = texts(phrases, [*talk, Slot("peer", ("secrecy",)), *talk])
    second = texts(phrases, [*talk, Slot("peer", ("special_bond",)), *talk])
    assert [a for a, b in zip(first, second, strict=True) if a != b] == ["s"]


def test_a_split_is_rendered_from_its_own_phrases():
    phrases = [Phrase(f"text {word}", "peer:chat", "v") for word in "abcdefghijklmnopqrstuvwxyz"]
    seen = []
    for found in pools(phrases).values():
        messages, _ = Renderer(found, LISTS, "v", "film", "s").messages(
            [Slot("peer", ("peer:chat",))] * 6
        )
        seen.append({m["text"] for m in messages})
    assert all(seen)
    assert not seen[0] & seen[1] and not seen[0] & seen[2] and not seen[1] & seen[2]
