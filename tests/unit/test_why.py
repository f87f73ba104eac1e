"""What a level rests on: the planted words, and nothing else; checked by leaving them out."""

from __future__ import annotations

import pytest

from safelight import Guard, Level, Message, Why

RISING = ("hello", "keep", "how are you", "picture", "the match was good", "everyone", "coins")


def chat(*texts: str) -> list[Message]:
    return [Message("peer", text) for text in texts]


def level(guard: Guard, messages: list[Message]) -> Level:
    conversation = guard.conversation("c")
    for message in messages:
        guard.step([(conversation, message)])
    return conversation.level


def asked(guard: Guard, messages: list[Message]) -> Why:
    found = guard.why(messages)
    assert found is not None
    return found


def test_the_messages_that_moved_it_are_named(guard: Guard) -> None:
    found = asked(guard, chat(*RISING))
    assert found.level is level(guard, chat(*RISING)) is not Level.NONE
    assert {moved.index for moved in found.moved} <= {1, 3, 5, 6}
    assert all(moved.indicators and moved.by > 0 for moved in found.moved)
    assert [moved.index for moved in found.moved] == sorted(m.index for m in found.moved)


def test_without_them_the_level_falls(guard: Guard) -> None:
    found = asked(guard, chat(*RISING))
    gone = {moved.index for moved in found.moved}
    rest = chat(*("" if i in gone else text for i, text in enumerate(RISING)))
    assert found.falls
    assert level(guard, rest) < found.level


def test_a_level_that_rests_on_more_than_is_named_says_so(guard: Guard) -> None:
    found = asked(guard, chat(*("keep picture everyone coins",) * 12))
    assert not found.falls
    assert len(found.moved) == 6


def test_a_quiet_chat_rests_on_nothing(guard: Guard) -> None:
    assert guard.why(chat("hello", "how are you")) is None
    assert guard.why([]) is None


def test_asking_leaves_conversations_alone(guard: Guard) -> None:
    conversation = guard.conversation("c")
    for message in chat(*RISING):
        guard.step([(conversation, message)])
    before = conversation.state
    guard.why(chat(*RISING))
    assert conversation.state is before


def test_a_faulty_message_is_refused(guard: Guard) -> None:
    with pytest.raises(ValueError, match="sender"):
        guard.why([Message("", "hello")])


def test_what_the_person_said_was_fine_is_known(guard: Guard) -> None:
    story = chat(*RISING, "the match was good", "coins")
    conversation = guard.conversation("c")
    for index, message in enumerate(story):
        guard.step([(conversation, message)])
        if index == 6:
            conversation.this_was_fine()
    told, fine = asked(guard, story), guard.why(story, fine_after=[6])
    assert fine is not None
    assert fine.level is conversation.level is not Level.NONE
    assert fine.falls  # without what came after, nothing is left to hold it
    assert 8 in {moved.index for moved in fine.moved}
    assert told.level is level(guard, story) > fine.level
    assert guard.why(story[:7], fine_after=[6]) is None
