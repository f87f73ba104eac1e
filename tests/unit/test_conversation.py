"""Guard and Conversation over the tiny bundle: levels, ids, gaps, replay, groups, threads."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest

from safelight import Assessment, Conversation, Form, Guard, Level, Message, Reason, Stage
from safelight.assess import gap as gap_between

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)


class Wall(tzinfo):
    """A time zone whose clocks go back an hour: by `fold`, like those of zoneinfo."""

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=1 if at is not None and at.fold else 2)

    def dst(self, at: datetime | None) -> timedelta:
        return self.utcoffset(at) - timedelta(hours=1)


WALL = Wall()
BACK_AT_TWO = datetime(2026, 10, 25, 2, 10, tzinfo=WALL, fold=1)
#: sender, text → level, changed, stage
STORY = [
    ("peer", "hello how are you", "none", False, "none"),
    ("self", "good", "none", False, "none"),
    ("peer", "keep the match", "notice", True, "trust"),
    ("self", "how", "notice", False, "trust"),
    ("peer", "picture at five", "warning", True, "request"),
    ("peer", "hello", "warning", False, "request"),
    ("peer", "everyone coins", "urgent", True, "threat"),
]


def tell(chat: Conversation, lines: list[tuple[Any, ...]], **options: Any) -> list[Assessment]:
    return [chat.observe(sender=line[0], text=line[1], **options) for line in lines]


def numbers(seen: Assessment) -> tuple[float, ...]:
    return tuple(round(p, 5) for p in (*seen.risks.values(), *seen.indicators.values()))


def test_a_story(guard: Guard) -> None:
    chat = guard.conversation("c")
    seen = tell(chat, STORY)
    shown = [(s.level.label, s.changed, s.stage.value) for s in seen]
    assert shown == [line[2:] for line in STORY]
    assert (chat.level, chat.stage, chat.messages) == (Level.URGENT, Stage.THREAT, len(STORY))
    assert chat.risks == seen[-1].risks
    assert set(seen[-1].indicators) == {"share_threat", "payment_demand"}
    assert seen[-1].reasons[0] == Reason("m6", "share_threat")
    assert seen[-1].supported_language is None


def test_a_card_is_called_for_where_it_gets_worse_and_nowhere_else(guard: Guard) -> None:
    chat = guard.conversation("c")
    seen = tell(chat, [*STORY, *[("peer", "hello")] * 60])
    assert [i for i, s in enumerate(seen) if s.raised] == [2, 4, 6]
    assert sum(s.changed for s in seen) == 6  # the falls as well


def test_it_calms_down_one_level_at_a_time(guard: Guard) -> None:
    chat = guard.conversation("c")
    tell(chat, STORY)
    seen = tell(chat, [("peer", "hello")] * 60)
    levels = [s.level for s in seen]
    assert levels == sorted(levels, reverse=True)
    assert set(levels) == set(Level)
    assert [s.level for s in seen if s.changed] == [Level.WARNING, Level.NOTICE, Level.NONE]


def test_ids_are_given_or_made(guard: Guard) -> None:
    chat = guard.conversation("c")
    chat.observe(sender="peer", text="keep", id="app-1")
    seen = chat.observe(sender="peer", text="picture")
    assert seen.reasons == (Reason("m1", "image_request"), Reason("app-1", "secrecy"))


def test_the_owner_shows_no_indicators(guard: Guard) -> None:
    seen = guard.conversation("c").observe(sender="self", text="keep picture everyone coins")
    assert (seen.indicators, seen.level) == ({}, Level.NONE)


def test_in_a_group_every_other_name_is_a_peer_with_its_own_tally(guard: Guard) -> None:
    chat = guard.conversation("c")
    apart = tell(chat, [("Ann", "keep"), ("Ben", "picture")])
    assert apart[-1].level == Level.NOTICE
    assert tell(chat, [("Ann", "picture")])[0].level == Level.WARNING


def test_a_name_makes_no_difference_to_the_model(guard: Guard) -> None:
    one = guard.conversation("1").observe(sender="peer", text="keep the match")
    other = guard.conversation("2").observe(sender="Ann", text="keep the match")
    assert one.risks == other.risks


@pytest.mark.parametrize(
    ("before", "now", "gap"),
    [
        (None, NOON, -1.0),
        (NOON, None, -1.0),
        (NOON, NOON, 0.0),
        (NOON, NOON + timedelta(minutes=1), 60.0),
        (NOON, NOON - timedelta(minutes=1), 0.0),
        (NOON, NOON.astimezone(timezone(timedelta(hours=9))), 0.0),
        (NOON, NOON + timedelta(days=400, milliseconds=500), 400 * 86400 + 0.5),
        # The night on which clocks go back from 3 to 2: 02:30 and then 02:10 again.
        (datetime(2026, 10, 25, 2, 30, tzinfo=WALL), BACK_AT_TWO, 2400.0),
    ],
)
def test_gaps(before: datetime | None, now: datetime | None, gap: float) -> None:
    assert gap_between(before, now) == gap


def test_the_gap_reaches_the_model(guard: Guard) -> None:
    def second(minutes: int | None) -> tuple[float, ...]:
        chat = guard.conversation("c")
        chat.observe(sender="peer", text="keep", sent_at=NOON)
        later = None if minutes is None else NOON + timedelta(minutes=minutes)
        chat.observe(sender="peer", text="hello", sent_at=later)
        return tuple(chat.state.hidden)

    assert len({second(None), second(0), second(1)}) == 3
    assert second(-5) == second(0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sender": ""}, "sender must be"),
        ({"sender": "peer", "media": "hologram"}, "media must be"),
        ({"sender": "peer", "id": ""}, "id must be"),
        ({"sender": "peer", "sent_at": datetime(2026, 1, 31)}, "with a time zone"),
        ({"sender": "peer", "sent_at": 5}, "with a time zone"),
        ({"sender": "peer", "text": None}, "text must be"),
    ],
)
def test_a_faulty_argument_moves_nothing(
    guard: Guard, arguments: dict[str, Any], words: str
) -> None:
    chat = guard.conversation("c")
    chat.observe(sender="peer", text="keep")
    before = chat.state
    with pytest.raises(ValueError, match=words):
        chat.observe(**{"text": "a private sentence", **arguments})
    assert chat.state is before


def test_replay_reaches_the_same_state_without_cards(guard: Guard) -> None:
    live, again = guard.conversation("live"), guard.conversation("again")
    told, replayed = tell(live, STORY), tell(again, STORY, replay=True)
    assert [s.level for s in replayed] == [s.level for s in told]
    assert not any(s.changed or s.raised for s in replayed)
    next_live, next_again = (tell(chat, [("peer", "hello")])[0] for chat in (live, again))
    assert next_again == next_live
    assert (next_again.level, next_again.changed) == (Level.URGENT, False)


def test_after_a_replay_a_new_level_is_a_new_card(guard: Guard) -> None:
    chat = guard.conversation("c")
    tell(chat, STORY[:3], replay=True)
    seen = tell(chat, [("peer", "picture")])[0]
    assert (seen.level, seen.changed) == (Level.WARNING, True)


def test_many_conversations_at_once_agree_with_one_at_a_time(guard: Guard) -> None:
    texts = [[line[1] for line in STORY][shift:] for shift in range(5)]
    apart = [
        [numbers(guard.conversation("c").observe(sender="peer", text=text)) for text in chat[:1]]
        for chat in texts
    ]
    together = guard.step([(guard.conversation("c"), Message("peer", chat[0])) for chat in texts])
    assert [[numbers(seen)] for seen in together] == apart


def test_messages_in_a_row_agree_with_one_at_a_time(guard: Guard) -> None:
    said = [
        Message(sender, text, None, NOON + timedelta(seconds=7 * i), f"app-{i}")
        for i, (sender, text, *_) in enumerate(STORY * 3)
    ]
    apart, together = guard.conversation("c"), guard.conversation("c")
    expected = [guard.step([(apart, each)])[0] for each in said]
    assert guard._follow(together, said[:5]) + guard._follow(together, said[5:]) == expected
    assert together.state.policy == apart.state.policy
    assert together.state.hidden.tobytes() == apart.state.hidden.tobytes()
    assert guard._follow(together, []) == []


def test_messages_in_a_row_are_refused_as_a_whole(guard: Guard, tiny_bundle: Any) -> None:
    chat = guard.conversation("c")
    with pytest.raises(ValueError, match="media must be"):
        guard._follow(chat, [Message("peer", "keep"), Message("peer", media="hologram")])
    with pytest.raises(ValueError, match="another guard"):
        Guard.load(tiny_bundle, allow_unsigned=True)._follow(chat, [Message("peer")])
    guard.off()
    assert guard._follow(chat, [Message("peer", "keep")])[0].form is Form.OFF
    assert chat.messages == 0


def test_a_batch_is_refused_as_a_whole(guard: Guard) -> None:
    one, other = guard.conversation("1"), guard.conversation("2")
    with pytest.raises(ValueError, match="twice"):
        guard.step([(one, Message("peer", "keep")), (one, Message("peer", "keep"))])
    with pytest.raises(ValueError, match="media must be"):
        guard.step([(one, Message("peer")), (other, Message("peer", media="hologram"))])
    assert (one.messages, other.messages) == (0, 0)


def test_a_conversation_of_another_guard(guard: Guard, tiny_bundle: Any) -> None:
    other = Guard.load(tiny_bundle, allow_unsigned=True)
    with pytest.raises(ValueError, match="another guard"):
        other.step([(guard.conversation("c"), Message("peer"))])


def test_threads_share_a_guard(guard: Guard) -> None:
    start = threading.Barrier(4)

    def work(_: int) -> list[Assessment]:
        start.wait()
        return tell(guard.conversation("c"), STORY * 5)

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(work, range(4))
    assert all(other == first for other in others)


def reachable(root: object) -> list[object]:
    """Everything that hangs from `root`, but for the guard's own."""
    found, queue, known = [], [root], set()
    while queue:
        one = queue.pop()
        if id(one) in known or isinstance(one, Guard | type):
            continue
        known.add(id(one))
        found.append(one)
        queue.extend(gc.get_referents(one))
    return found


def test_no_text_is_kept_or_shown(guard: Guard) -> None:
    chat = guard.conversation("c")
    sentence = "keep " * 9 + "wombat"
    seen = chat.observe(sender="peer", text=sentence, id="app-1")
    kept = [one for one in reachable(chat) if isinstance(one, str | bytes)]
    assert "app-1" in kept  # the search does see what is kept
    assert not [one for one in kept if "wombat" in str(one)]
    message = Message("Ann", sentence)
    for shown in (repr(chat), repr(seen), repr(chat.state), repr(message)):
        assert "wombat" not in shown
        assert "Ann" not in shown
