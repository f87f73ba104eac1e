"""The payload of a snapshot: any state comes back as it was, in bytes of one length."""

from __future__ import annotations

import struct
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.conversation import ChatState
from safelight.policy import MAX_REASONS, PolicyState, Seen
from safelight.snapshot_payload import (
    MAX_CHOICES_BYTES,
    MAX_PEERS,
    MAX_SEEN,
    MAX_TEXT_BYTES,
    decode,
    decode_choices,
    encode,
    short,
    size,
)
from safelight.taxonomy import CUES, INDICATORS
from safelight.types import Level, Reason, Stage

#: A busy machine is no fault.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATE = 4
TALLIES = st.floats(0.0, 1.0)
COUNTS = st.integers(0, 2**63)
#: Also empty, of lone surrogates, and longer than fits.
TEXTS = st.text(st.characters(), max_size=100)
SEEN = st.builds(Seen, TALLIES, st.booleans(), TEXTS, COUNTS)


def policies(names: st.SearchStrategy[str], peers: int) -> st.SearchStrategy[PolicyState]:
    shown = st.dictionaries(st.sampled_from(INDICATORS), SEEN, min_size=1)
    return st.builds(
        PolicyState,
        level=st.sampled_from(Level),
        stage=st.sampled_from(Stage),
        reasons=st.lists(
            st.builds(Reason, TEXTS, st.sampled_from(INDICATORS)), max_size=MAX_REASONS
        ).map(tuple),
        below=COUNTS,
        messages=COUNTS,
        peers=st.dictionaries(names, shown, max_size=peers),
        cues=st.dictionaries(st.sampled_from(CUES), TALLIES),
        raised_by=st.lists(names, max_size=peers, unique=True).map(tuple),
    )


def states(policy: st.SearchStrategy[PolicyState]) -> st.SearchStrategy[ChatState]:
    floats = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False),
                      min_size=STATE, max_size=STATE)  # fmt: skip
    zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
    return st.builds(
        ChatState,
        hidden=floats.map(lambda row: np.array(row, np.float32)),
        policy=policy,
        risks=st.tuples(TALLIES, TALLIES),
        last_sent_at=st.none() | st.datetimes(timezones=zones),
        messages=COUNTS,
        foreign=st.floats(-1e6, 1e6),
    )


def shortened(policy: PolicyState) -> PolicyState:
    """With the hashes of what is too long in place of it."""

    def seen(entry: Seen) -> Seen:
        return Seen(entry.tally, entry.strong, short(entry.message_id), entry.at)

    return PolicyState(
        policy.level,
        policy.stage,
        tuple(Reason(short(reason.message_id), reason.indicator) for reason in policy.reasons),
        policy.below,
        policy.messages,
        {short(p): {k: seen(e) for k, e in entries.items()} for p, entries in policy.peers.items()},
        policy.cues,
        tuple(short(peer) for peer in policy.raised_by),
    )


@unhurried
@given(states(policies(TEXTS, peers=3)))
def test_a_state_comes_back_as_it_was(state: ChatState) -> None:
    packed = encode(state, {})
    assert len(packed) == size(STATE)
    again = decode(packed, STATE)
    assert again.hidden.tobytes() == state.hidden.tobytes()
    assert again.hidden.dtype == np.float32
    assert again.policy == shortened(state.policy)
    assert list(again.policy.peers) == list(shortened(state.policy).peers)
    assert (again.risks, again.messages, again.foreign) == (
        state.risks, state.messages, state.foreign,
    )  # fmt: skip
    edge = state.last_sent_at is not None and state.last_sent_at.year in (1, 9999)
    assert edge or again.last_sent_at == state.last_sent_at
    assert encode(again, {}) == packed


@pytest.mark.parametrize("crowd", [1, MAX_PEERS, MAX_PEERS + 1, MAX_SEEN + 1, 300])
def test_a_crowd_fits_as_well(crowd: int) -> None:
    every = dict.fromkeys(INDICATORS, Seen(0.5, True, "x" * MAX_TEXT_BYTES, 1))
    names = [f"{n:03}".rjust(MAX_TEXT_BYTES, "x") for n in range(crowd)]
    reasons = (Reason("x" * MAX_TEXT_BYTES, INDICATORS[-1]),) * MAX_REASONS
    policy = PolicyState(Level.URGENT, Stage.CRISIS, reasons, 1, 2, dict.fromkeys(names, every),
                         dict.fromkeys(CUES, 1.0), (*names, *names))  # fmt: skip
    packed = encode(
        ChatState(np.zeros(STATE, np.float32), policy), {"mute": "x" * (MAX_CHOICES_BYTES - 11)}
    )
    assert len(packed) == size(STATE)
    found = decode(packed, STATE).policy
    kept = sum(len(entries) for entries in found.peers.values())
    assert kept == min(MAX_SEEN, crowd * len(INDICATORS))
    assert found.raised_by == tuple(names[:MAX_PEERS])


def test_of_a_crowd_those_that_raised_the_level_and_the_largest_tallies_are_kept() -> None:
    def seen(tally: float) -> dict[str, Seen]:
        return {"secrecy": Seen(tally, False, "m", 1)}

    peers = {f"p{n}": seen(0.3 + n / 1000) for n in range(100)}
    policy = PolicyState(Level.NOTICE, Stage.TRUST, peers=peers, raised_by=("p5", "gone"))
    found = decode(encode(ChatState(np.zeros(STATE, np.float32), policy), {}), STATE).policy
    assert list(found.peers) == ["p5", *(f"p{n}" for n in range(69, 100))]
    assert found.raised_by == ("p5",)  # no room for the name of one that shows nothing


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("m1", "m1"),
        ("", ""),
        ("x" * 64, "x" * 64),
        ("é" * 32, "é" * 32),
        ("é" * 33, "sha256:f696c24ae52af2f9f6d5feaed130d4d1"),
        ("x" * 65, "sha256:9537c5fdf120482f7d58d25e9ed583f5"),
    ],
)
def test_a_long_id_becomes_its_hash(text: str, kept: str) -> None:
    assert short(text) == kept
    assert len(short(text).encode()) <= MAX_TEXT_BYTES
    assert short(short(text)) == short(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner,
                                                                max_size=3),
    max_leaves=5,
)  # fmt: skip


@unhurried
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=3))
def test_choices_come_back_and_stand_apart_from_the_state(found: dict[str, Any]) -> None:
    packed = encode(ChatState(np.zeros(STATE, np.float32)), found)
    assert decode_choices(packed) == found
    assert len(packed) == size(STATE)
    decode(packed, STATE)


def test_choices_have_a_limit() -> None:
    state = ChatState(np.zeros(STATE, np.float32))
    with pytest.raises(ValueError, match="at most 1024 bytes"):
        encode(state, {"mute": "x" * MAX_CHOICES_BYTES})


@pytest.mark.parametrize("at", [datetime.min, datetime.max])
@pytest.mark.parametrize("hours", [-14, 14])
def test_times_at_the_end_of_time_do_not_fail(at: datetime, hours: int) -> None:
    sent = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    state = ChatState(np.zeros(STATE, np.float32), last_sent_at=sent)
    found = decode(encode(state, {}), STATE).last_sent_at
    assert found is not None
    assert abs(found - sent) <= timedelta(hours=14)


@unhurried
@given(st.integers(0, size(STATE) - 1), st.integers(1, 255))
def test_a_changed_payload_is_another_state_or_one_quiet_refusal(at: int, change: int) -> None:
    policy = PolicyState(Level.NOTICE, Stage.TRUST, (Reason("m1", "secrecy"),), 0, 2,
                         {"peer": {"secrecy": Seen(0.5, False, "m1", 1)}}, {"distress": 1.0},
                         ("peer",))  # fmt: skip
    packed = bytearray(encode(ChatState(np.zeros(STATE, np.float32), policy), {}))
    packed[at] ^= change
    with suppress(ValueError, IndexError, struct.error):  # those that snapshot.unseal refuses by
        assert isinstance(decode(bytes(packed), STATE), ChatState)
