"""Replay: the state rebuilt from the app's own history, without a card for what is old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from safelight import Guard, Level, Message
from safelight.conversation import ChatState
from safelight.snapshot_payload import encode

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)
#: A chat that goes wrong and calms down, again and again.
ROUND = ("keep the match", "picture at five", "everyone coins", *("hello how are you",) * 47)


def history(count: int) -> Iterator[Message]:
    for n in range(count):
        text = ROUND[n % len(ROUND)]
        yield Message("peer", text, None, NOON + timedelta(seconds=n), f"app-{n}")


def state_bytes(state: ChatState) -> bytes:
    return encode(state, {})


def test_10_000_old_messages_raise_no_card(guard: Guard) -> None:
    one, batch = guard.conversation("c"), guard.conversation("c")
    seen = [guard.step([(one, message)], replay=True)[0] for message in history(10_000)]
    assert {s.level for s in seen} == set(Level)  # there were cards to raise
    assert not any(s.changed for s in seen)
    assert guard.replay(batch, history(10_000)) == seen[-1]
    assert state_bytes(batch.state) == state_bytes(one.state)
    level = batch.level
    after = batch.observe(sender="peer", text="hello")
    assert (after.level, after.changed) == (level, False)


def test_the_state_does_not_grow_with_the_history(guard: Guard) -> None:
    chat = guard.conversation("c")
    guard.replay(chat, history(1000))
    assert sum(len(seen) for seen in chat.state.policy.peers.values()) <= 4
    assert chat.state.hidden.shape == (guard.manifest.state_size,)


def test_a_replay_goes_on_from_a_snapshot(guard: Guard) -> None:
    key, told = bytes(32), list(history(60))
    whole, kept = guard.conversation("c"), guard.conversation("c")
    guard.replay(whole, told)
    guard.replay(kept, told[:25])
    kept = guard.restore(kept.snapshot(key), key, "c")
    guard.replay(kept, told[kept.messages :])
    assert state_bytes(kept.state) == state_bytes(whole.state)


def test_an_empty_replay_is_none(guard: Guard) -> None:
    assert guard.replay(guard.conversation("c"), []) is None


def test_a_faulty_message_moves_nothing(guard: Guard) -> None:
    chat = guard.conversation("c")
    chat.observe(sender="peer", text="keep")
    before = chat.state
    with pytest.raises(ValueError, match="media must be"):
        guard.replay(chat, [*history(3), Message("peer", "a private line", "hologram")])
    assert chat.state is before
    assert np.array_equal(chat.state.hidden, before.hidden)


def test_what_was_fine_is_said_again_at_its_place(guard: Guard) -> None:
    live, replayed = guard.conversation("c"), guard.conversation("c")
    told = list(history(4))
    for message in told[:3]:
        guard.step([(live, message)])
    assert live.level
    live.this_was_fine()
    guard.step([(live, told[3])])

    def again() -> Iterator[Message]:
        yield from told[:3]
        replayed.this_was_fine()
        yield told[3]

    guard.replay(replayed, again())
    assert state_bytes(replayed.state) == state_bytes(live.state)
    assert not replayed.level


def test_a_wiped_chat_asks_for_no_replay(guard: Guard) -> None:
    key = bytes(32)
    chat = guard.conversation("c")
    guard.replay(chat, list(history(3)))
    kept = guard.restore(chat.snapshot(key), key, "c")
    kept.wipe()
    assert not kept.needs_replay
    assert not guard.restore(kept.snapshot(key), key, "c").needs_replay
