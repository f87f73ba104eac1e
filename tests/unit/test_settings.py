"""The person is in charge: off, mute, sensitivity, "this was fine", discreet mode, wipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from safelight import Assessment, Conversation, Form, Guard, Level, Message, Settings, Stage
from safelight.settings import asking_level, shown

N, A, W, U = Level

#: Planted words of the tiny bundle; the level after each message.
STORY = [("hello", N), ("keep the match", A), ("picture at five", W), ("everyone coins", U)]


def tell(chat: Conversation, texts: list[str], **options: Any) -> list[Assessment]:
    return [chat.observe(sender="peer", text=text, **options) for text in texts]


def story(chat: Conversation, messages: int = len(STORY)) -> list[Assessment]:
    return tell(chat, [text for text, _ in STORY[:messages]])


def seen(found: list[Assessment]) -> list[tuple[Level, bool, Form]]:
    return [(one.level, one.changed, one.form) for one in found]


# What is shown, as a pure table -----------------------------------------------------------------

OPEN, DISCREET, OFF = Settings(), Settings(discreet=True), Settings(on=False)


@pytest.mark.parametrize(
    ("why", "settings", "muted", "notice", "warning", "urgent"),
    [
        ("by default", OPEN, False, (A, Form.CARD), (W, Form.CARD), (U, Form.CARD)),
        ("muted", OPEN, True, (N, Form.NOTHING), (N, Form.NOTHING), (U, Form.LINE)),
        ("discreet", DISCREET, False, (A, Form.LINE), (W, Form.LINE), (U, Form.LINE)),
        ("both", DISCREET, True, (N, Form.NOTHING), (N, Form.NOTHING), (U, Form.LINE)),
        ("off", OFF, False, (N, Form.OFF), (N, Form.OFF), (N, Form.OFF)),
        ("off and muted", OFF, True, (N, Form.OFF), (N, Form.OFF), (N, Form.OFF)),
    ],
)
def test_what_is_shown(
    why: str, settings: Settings, muted: bool, notice: object, warning: object, urgent: object
) -> None:
    assert [shown(level, settings, muted) for level in (A, W, U)] == [notice, warning, urgent], why


def every_choice() -> list[tuple[Settings, bool]]:
    flags = (True, False)
    return [
        (Settings(on, sensitivity, discreet, friction), muted)
        for on, sensitivity, discreet, friction, muted in product(
            flags, ("low", "standard", "high"), flags, flags, flags
        )
    ]


def test_urgent_is_hidden_by_off_alone() -> None:
    for settings, muted in every_choice():
        expected = U if settings.on else N
        assert shown(U, settings, muted)[0] == expected, settings


def test_off_shows_and_asks_nothing_whatever_else_is_chosen() -> None:
    for settings, muted in every_choice():
        for level in Level:
            if not settings.on:
                assert shown(level, settings, muted) == (N, Form.OFF)
                assert asking_level(level, settings, muted) == N


def test_no_choice_shows_more_than_was_found() -> None:
    for settings, muted in every_choice():
        for level in Level:
            assert shown(level, settings, muted)[0] <= level
            assert asking_level(level, settings, muted) <= level


# Off and on -------------------------------------------------------------------------------------


def test_off_hides_a_level_at_once_and_on_brings_it_back_without_a_card(guard: Guard) -> None:
    chat = guard.conversation("c")
    story(chat)
    assert (chat.level, chat.stage, chat.form) == (U, Stage.THREAT, Form.CARD)
    guard.off()
    assert (chat.level, chat.stage, chat.form) == (N, Stage.NONE, Form.OFF)
    guard.on()
    assert (chat.level, chat.form) == (U, Form.CARD)
    assert seen(tell(chat, ["hello"])) == [(U, False, Form.CARD)]


def test_off_reads_nothing(guard: Guard) -> None:
    chat = guard.conversation("c")
    story(chat, 2)
    before = chat.state
    guard.off()
    for replay in (False, True):
        found = tell(chat, ["everyone coins"], replay=replay)[0]
        assert seen([found]) == [(N, False, Form.OFF)]
        assert found.risks == {"grooming": 0.0, "sextortion": 0.0}
        assert (found.stage, found.indicators, found.reasons) == (Stage.NONE, {}, ())
        assert found.supported_language is None
    assert chat.state is before
    assert guard.why([Message("peer", text) for text, _ in STORY]) is None


def test_off_still_names_a_faulty_message(guard: Guard) -> None:
    guard.off()
    with pytest.raises(ValueError, match="sender must be"):
        guard.conversation("c").observe(sender="", text="hello")


def test_after_off_a_replay_of_what_was_missed_leads_to_where_it_would_be(guard: Guard) -> None:
    """As if the guard had never been off, and no card is raised for the time between."""
    always, paused = guard.conversation("1"), guard.conversation("2")
    story(always)
    story(paused, 1)
    guard.off()
    missed = [text for text, _ in STORY[1:]]
    tell(paused, missed)
    guard.on()
    assert not any(one.changed for one in tell(paused, missed, replay=True))
    assert (paused.level, paused.state.policy) == (U, always.state.policy)
    assert (paused.state.hidden == always.state.hidden).all()
    assert tell(paused, ["hello"]) == tell(always, ["hello"])


# Mute -------------------------------------------------------------------------------------------


def test_a_muted_chat_shows_one_line_at_urgent_and_nothing_below(guard: Guard) -> None:
    chat = guard.conversation("c")
    chat.mute()
    found = story(chat)
    nothing = (N, False, Form.NOTHING)
    assert seen(found) == [nothing, nothing, nothing, (U, True, Form.LINE)]
    assert [(one.stage, bool(one.reasons)) for one in found] == [
        (Stage.NONE, False), (Stage.NONE, False), (Stage.NONE, False), (Stage.THREAT, True),
    ]  # fmt: skip
    assert seen(tell(chat, ["hello"])) == [(U, False, Form.LINE)]


def test_a_muted_chat_is_still_read(guard: Guard) -> None:
    """So that unmuting shows what there is, without a card for what is not new."""
    chat, other = guard.conversation("c"), guard.conversation("d")
    chat.mute()
    assert story(chat, 3)[-1].indicators == story(other, 3)[-1].indicators != {}
    assert (chat.level, chat.stage) == (N, Stage.NONE)
    chat.unmute()
    assert (chat.level, chat.stage) == (W, Stage.REQUEST)
    assert seen(tell(chat, ["hello"])) == [(W, False, Form.CARD)]


def test_a_mute_is_of_one_chat(guard: Guard) -> None:
    chat, other = guard.conversation("c"), guard.conversation("d")
    chat.mute()
    assert (chat.muted, other.muted) == (True, False)
    assert story(other)[-1].form == Form.CARD


# Sensitivity, discreet, the value itself --------------------------------------------------------


def apart(manifest: dict[str, Any]) -> None:
    """At low nothing is enough, at standard anything for a notice, at high for a warning."""
    enter = {"low": (0.995, 0.996), "standard": (0.01, 0.996), "high": (0.01, 0.02)}
    for name, (notice, warning) in enter.items():
        level = manifest["thresholds"]["levels"][name]
        level["grooming"] = {"notice": notice, "warning": warning}
        level["sextortion"] = {"notice": notice, "warning": warning, "urgent": 0.997}


@pytest.mark.parametrize(("sensitivity", "level"), [("low", N), ("standard", A), ("high", W)])
def test_sensitivity_picks_the_policy(
    make_bundle: Callable[..., Path], sensitivity: str, level: Level
) -> None:
    guard = Guard.load(make_bundle(apart), allow_unsigned=True)
    guard.sensitivity = sensitivity
    chat = guard.conversation("c")
    tell(chat, ["keep picture"])
    assert guard.sensitivity == sensitivity
    assert chat.level == level


def test_sensitivity_holds_for_chats_under_way_from_their_next_message(
    make_bundle: Callable[..., Path],
) -> None:
    guard = Guard.load(make_bundle(apart), allow_unsigned=True)
    guard.sensitivity = "low"
    chat = guard.conversation("c")
    tell(chat, ["keep picture"])
    guard.sensitivity = "high"
    assert chat.level == N
    assert seen(tell(chat, ["hello"])) == [(W, True, Form.CARD)]


def test_discreet_closes_every_card_to_one_line_that_gives_nothing_away(guard: Guard) -> None:
    guard.discreet = True
    forms = [one.form for one in story(guard.conversation("c"))]
    assert forms == [Form.NOTHING, Form.LINE, Form.LINE, Form.LINE]
    assert guard.line("en") == guard.line("xx") == guard.book.words("en").ui["discreet"]
    assert guard.line("fr-CA", in_chat=True) == guard.book.words("fr").ui["muted_urgent"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sensitivity": "highest"}, "low, standard, high"),
        ({"sensitivity": None}, "low, standard, high"),
        ({"on": "yes"}, "on must be"),
        ({"discreet": 1}, "discreet must be"),
        ({"friction": None}, "friction must be"),
    ],
)
def test_a_faulty_choice_is_refused_and_changes_nothing(
    guard: Guard, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Settings(**change)
    for name, value in change.items():
        if name != "on":
            with pytest.raises(ValueError, match=words):
                setattr(guard, name, value)
    with pytest.raises(ValueError, match="must be Settings"):
        guard.settings = "low"  # type: ignore[assignment]
    assert guard.settings == Settings()


def test_choices_are_one_frozen_value_that_an_app_can_bring_back(guard: Guard) -> None:
    guard.sensitivity, guard.discreet, guard.friction = "high", True, False
    guard.off()
    kept = guard.settings
    assert kept == Settings(on=False, sensitivity="high", discreet=True, friction=False)
    with pytest.raises(FrozenInstanceError):
        kept.on = True  # type: ignore[misc]
    guard.settings = Settings()
    assert guard.settings == Settings() != kept


def test_a_change_made_during_another_is_not_lost(guard: Guard) -> None:
    """The second begins while the first is being checked: one waits for the other, both hold."""
    second = threading.Thread(target=setattr, args=(guard, "friction", False))

    class Slow(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            if second.ident is None:
                second.start()
                second.join(0.5)  # time to overtake, if nothing holds it
            return str.__eq__(self, other)

    guard.sensitivity = Slow("low")
    second.join()
    assert guard.settings == Settings(sensitivity="low", friction=False)


def test_a_batch_is_judged_by_one_value(guard: Guard) -> None:
    """While another thread switches off and on, all of a batch is read or none of it."""
    chats = [guard.conversation(str(i)) for i in range(8)]
    done = threading.Event()

    def switch() -> None:
        while not done.is_set():
            guard.off()
            guard.on()

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(switch)
            try:
                batch = [(chat, Message("peer", "hello")) for chat in chats]
                found = [guard.step(batch) for _ in range(150)]
            finally:
                done.set()
    finally:
        sys.setswitchinterval(before)
    assert {len({one.form for one in row}) for row in found} == {1}
    assert len({chat.messages for chat in chats}) == 1


# This was fine, wipe ----------------------------------------------------------------------------


def test_this_was_fine_ends_a_level_and_asks_for_new_signs(guard: Guard) -> None:
    chat = guard.conversation("c")
    story(chat, 3)
    risks = chat.risks
    chat.this_was_fine()
    assert (chat.level, chat.stage, chat.risks, chat.messages) == (N, Stage.NONE, risks, 3)
    assert min(risks.values()) > 0.5  # enough for a warning, but of nothing new
    assert seen(tell(chat, ["hello"])) == [(N, False, Form.NOTHING)]
    assert seen(tell(chat, ["picture"])) == [(A, True, Form.CARD)]
    assert seen(tell(chat, ["keep"])) == [(W, True, Form.CARD)]


def test_after_this_was_fine_a_new_threat_is_urgent_at_once(guard: Guard) -> None:
    chat = guard.conversation("c")
    story(chat)
    for _ in range(3):
        chat.this_was_fine()
        assert chat.level == N
        assert seen(tell(chat, ["everyone"])) == [(U, True, Form.CARD)]


def test_a_replay_knows_of_it_if_it_is_said_at_the_same_place(guard: Guard) -> None:
    live, again = guard.conversation("1"), guard.conversation("2")
    for chat, replay in ((live, False), (again, True)):
        tell(chat, ["keep picture"], replay=replay)
        chat.this_was_fine()
        tell(chat, ["keep"], replay=replay)
    assert again.state.policy == live.state.policy
    assert again.level == A


def test_wipe_leaves_a_chat_as_new_and_keeps_its_mute(guard: Guard) -> None:
    chat, other = guard.conversation("c"), guard.conversation("c")
    story(chat)
    chat.mute()
    chat.wipe()
    assert (chat.level, chat.messages, chat.muted) == (N, 0, True)
    assert set(chat.risks.values()) == {0.0}
    chat.unmute()
    assert story(chat) == story(other)
    assert chat.state.policy == other.state.policy
    assert (chat.state.hidden == other.state.hidden).all()
