"""The grammar of practice chats and its families."""

import random

import pytest

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.data.phrasebook import KINDS, SECTIONS, TOPICS
from safelight_training.data.scenario import (
    AnyOrder,
    Loop,
    OneOf,
    Over,
    Pause,
    Talk,
    families,
    grooming,
    owner,
    peer,
    plan,
    shown,
)

RISKY = [name for name, scenario in families().items() if scenario.label != "none"]
HARMLESS = [name for name, scenario in families().items() if scenario.label == "none"]


def acts(*beats, length=0, seed=1):
    return [slot.acts for slot in plan(grooming(*beats), length, random.Random(seed))]


def test_enough_families():
    assert len(RISKY) >= 17
    assert len(HARMLESS) >= 28
    assert {families()[name].topic for name in HARMLESS} == set(TOPICS)


@pytest.mark.parametrize("name", RISKY)
def test_risky_families_name_known_sections_and_show_a_sign(name):
    for seed in range(20):
        slots = plan(families()[name], 20, random.Random(seed))
        named = {act for slot in slots for act in slot.acts}
        assert named <= SECTIONS
        assert set(shown(named)) & set(INDICATORS)
        for slot in slots:
            wrong = INDICATORS if slot.who == "self" else CUES
            assert not set(shown(slot.acts)) & set(wrong)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_families_name_known_look_alikes(name):
    scenario = families()[name]
    assert scenario.twins
    assert set(scenario.twins) <= {*INDICATORS, *KINDS}
    assert set(scenario.cues) <= set(CUES)
    weak = (None, "personal_info_request", "special_bond", "identity_claim", "boundary_test")
    assert scenario.weak in weak


def test_a_kind_of_an_indicator_shows_it_and_its_look_alike_does_not():
    assert shown(["secrecy:warnings", "refusal"]) == ["secrecy", "refusal"]
    assert shown(["twin:secrecy:warnings", "twin:secrecy", "self:ok", "warnings>"]) == []
    assert {kind.partition(":")[0] for kind in KINDS} <= set(INDICATORS)


def test_beats_in_order_and_chances():
    assert acts(peer("secrecy"), owner("refusal", chance=0), peer("pressure")) == [
        ("secrecy",),
        ("pressure",),
    ]


def test_loops_ways_and_orders():
    assert acts(Loop(3, 3, (peer("secrecy"),))) == [("secrecy",)] * 3
    both = {acts(OneOf(((peer("secrecy"),), (peer("pressure"),))), seed=s)[0] for s in range(20)}
    assert both == {("secrecy",), ("pressure",)}
    shuffled = acts(AnyOrder((peer("secrecy"), peer("pressure"))))
    assert sorted(shuffled) == [("pressure",), ("secrecy",)]


def test_talk_fills_up_to_the_length():
    slots = plan(grooming(Talk(1), peer("secrecy"), Over(), Talk(1)), 30, random.Random(2))
    assert len(slots) == 30
    at = next(i for i, slot in enumerate(slots) if slot.acts)
    assert not any(slot.over for slot in slots[: at + 1])
    assert all(slot.over for slot in slots[at + 1 :])
    assert slots[at + 1 :]


def test_a_pause_belongs_to_the_next_message():
    slots = plan(grooming(peer("secrecy"), Pause("days"), peer("pressure")), 0, random.Random(1))
    assert [slot.pause for slot in slots] == ["", "days"]
