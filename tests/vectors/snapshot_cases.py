"""Snapshots with fixed keys and nonces: what is sealed, and what must be refused."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import policy_cases

from safelight.conversation import ChatState
from safelight.policy import PolicyConfig, PolicyState, Seen, decide
from safelight.snapshot import SnapshotError, seal, unseal
from safelight.snapshot_payload import decode, decode_choices, encode
from safelight.taxonomy import INDICATORS
from safelight.types import Level, Reason, Stage

Case = dict[str, Any]
KEY, OTHER_KEY = bytes(range(32)), bytes(32)
NONCE = bytes(range(0xA0, 0xAC))
MODEL, OTHER_MODEL = (hashlib.sha256(name).digest() for name in (b"model", b"other model"))
CHAT, OTHER_CHAT = "chat-17", "chat-18"
STATE_SIZE, COUNTER = 8, 7
NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
#: Multiples of 1/64, which any float holds.
HIDDEN = np.arange(-3, 5, dtype=np.float32) / 64


def _after(name: str) -> PolicyState:
    """The policy's state after a chat of policy.json."""
    state = PolicyState()
    for line in policy_cases.PLAIN[name]:
        config = PolicyConfig.from_manifest(policy_cases.CONFIGS["plain"])
        outputs = policy_cases.outputs(line)
        state = decide(state, config, line[0], f"m{state.messages}", outputs)[0]
    return state


def _chat(policy: PolicyState, *, sent: datetime | None = NOON, foreign: float = 0.0) -> ChatState:
    risks = (0.875, 0.25)
    return ChatState(HIDDEN, policy, risks, sent, policy.messages, foreign)


def _crowd() -> ChatState:
    """34 peers with 70 signs: more than a snapshot keeps; the last raised the level."""
    peers = {
        f"p{peer}": {
            name: Seen((31 + (5 * peer + 11 * at) % 33) / 64, False, f"m{peer}", peer)
            for at, name in enumerate(INDICATORS[: 2 + (peer < 2)])
        }
        for peer in range(34)
    }
    reasons = (Reason("m33", "secrecy"),)
    return _chat(
        PolicyState(Level.WARNING, Stage.TRUST, reasons, 1, 99, peers, {}, ("p33", "faded"))
    )


def _long_ids() -> ChatState:
    """Of ids and names over 64 bytes in UTF-8 a hash is kept; of 64 bytes all."""
    name, longer = "é" * 32, "é" * 32 + "a"
    seen = {"secrecy": Seen(1.0, True, "event/" * 20, 0)}
    peers = {name: seen, longer: seen}
    reasons = (Reason("event/" * 20, "secrecy"),)
    return _chat(PolicyState(Level.NOTICE, Stage.TRUST, reasons, 0, 1, peers, {}, (longer,)))


def chats() -> dict[str, tuple[ChatState, Case]]:
    """What it shows → a state and the choices."""
    plain = {"muted": False}
    warned = _after("progression: over two messages")
    faint = PolicyState(messages=3, cues={"complied": 1.0, "distress": 0.5})
    micro = NOON - timedelta(days=40_000, milliseconds=1)
    return {
        "a warning with its reasons": (_chat(warned), plain),
        "a fresh chat": (ChatState(np.zeros(STATE_SIZE, np.float32)), plain),
        "muted, no known time, another language": (
            _chat(_after("ordinary messages"), sent=None, foreign=-2.5),
            {"muted": True},
        ),
        "cues alone, before 1970": (_chat(faint, sent=micro), plain),
        "choices of a later version are kept": (
            _chat(warned),
            {"zoom": [1, None, "é"], "muted": True, "later": {"b": 0.5, "a": "\U0001f98a"}},
        ),
        "long ids and names": (_long_ids(), plain),
        "more peers and signs than fit": (_crowd(), plain),
    }


def as_json(state: ChatState) -> Case:
    """A state, with lists where the order counts; the time in microseconds since 1970."""
    policy, sent = state.policy, state.last_sent_at
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return {
        "hidden": [float(x) for x in state.hidden],
        "risks": list(state.risks),
        "foreign": state.foreign,
        "sent_us": None if sent is None else (sent - epoch) // timedelta(microseconds=1),
        "messages": state.messages,
        "policy": {
            "level": policy.level.label,
            "stage": policy.stage.value,
            "reasons": [[reason.message_id, reason.indicator] for reason in policy.reasons],
            "below": policy.below,
            "messages": policy.messages,
            "peers": [
                [peer, [[name, s.tally, s.strong, s.message_id, s.at] for name, s in seen.items()]]
                for peer, seen in policy.peers.items()
            ],
            "cues": [list(cue) for cue in policy.cues.items()],
            "raised_by": list(policy.raised_by),
        },
    }


def sealed(state: ChatState, choices: Case) -> bytes:
    return seal(
        state,
        choices,
        KEY,
        chat_id=CHAT,
        model=MODEL,
        counter=COUNTER,
        new_nonce=lambda size: NONCE[:size],
    )


def seal_case(why: str, state: ChatState, choices: Case) -> Case:
    payload = encode(state, choices)
    back = decode(payload, STATE_SIZE)
    given, kept = as_json(state), as_json(back)
    case = {
        "rule": "seal",
        "why": why,
        "state": given,
        "choices": choices,
        "payload": payload.rstrip(b"\0").hex(),
        "sha256": hashlib.sha256(sealed(state, choices)).hexdigest(),
    }
    return case if kept == given else {**case, "restored": kept}


#: what it shows → bytes of the first blob that are set (negative: from its end), and its length
DAMAGED: dict[str, tuple[dict[int, int], int | None]] = {
    "nothing at all": ({}, 0),
    "cut to what stands in the clear": ({}, 57),
    "the last byte is missing": ({}, -1),
    "another magic": ({0: 0x73}, None),
    "a newer format": ({4: 2}, None),
    "another model named": ({5: 0}, None),
    "another counter named": ({37: 200}, None),
    "another nonce": ({45: 0}, None),
    "a byte of the payload": ({5_000: 0}, None),
    "a byte of the tag": ({-1: 0}, None),
}
#: what it shows → arguments in place of those that the first blob was sealed for
OPENED: dict[str, Case] = {
    "as it was sealed": {},
    "the counter asked for": {"min_counter": COUNTER},
    "rolled back": {"min_counter": COUNTER + 1},
    "swapped with another chat": {"chat_id": OTHER_CHAT},
    "another key": {"key": OTHER_KEY.hex()},
    "another model: only the choices": {"model": OTHER_MODEL.hex()},
    "another model and another chat": {"model": OTHER_MODEL.hex(), "chat_id": OTHER_CHAT},
}


def opened(blob: bytes, changes: Case) -> Case:
    """What `unseal` says: choices and whether there is a state, or an error."""
    given = {"key": KEY.hex(), "chat_id": CHAT, "model": MODEL.hex(), "min_counter": 0, **changes}
    key, model = bytes.fromhex(given.pop("key")), bytes.fromhex(given.pop("model"))
    try:
        found = unseal(blob, key, model=model, state_size=STATE_SIZE, **given)
    except SnapshotError as error:
        return {"error": str(error)}
    return {"choices": dict(found.choices), "state": found.state is not None}


def damaged(blob: bytes, sets: dict[int, int], length: int | None) -> bytes:
    data = bytearray(blob)
    for at, value in sets.items():
        assert data[at] != value
        data[at] = value
    return bytes(data[:length])


#: what it shows → bytes of the first payload that are set, counted from the end of the state of
#: the model: nobody without the key can make one, and a port reads none of them either
UNREADABLE: dict[str, dict[int, int]] = {
    "a risk that is no number": {6: 0xF8, 7: 0x7F},
    "a level that is none": {40: 4},
    "a stage that is none": {41: 6},
    "too many peers": {58: 33},
    "something in the filling": {8_000: 1},
}


def unreadable_case(why: str, sets: dict[int, int]) -> Case:
    state, choices = chats()["a fresh chat"]
    payload = bytearray(encode(state, choices))
    start = 2 + int.from_bytes(payload[:2], "little") + 2 + 4 * STATE_SIZE
    for at, value in sets.items():
        payload[start + at] = value
    assert decode_choices(bytes(payload)) == choices
    try:
        decode(bytes(payload), STATE_SIZE)
    except (ValueError, IndexError):
        places = [[start + at, value] for at, value in sets.items()]
        return {"rule": "unreadable", "why": why, "set": places}
    raise AssertionError(f"{why}: was read")


def build() -> Case:
    """The whole file."""
    states = chats()
    blob = sealed(*next(iter(states.values())))
    damage = [
        {"rule": "damaged", "why": why, "set": [list(pair) for pair in sets.items()],
         "length": length, **opened(damaged(blob, sets, length), {})}
        for why, (sets, length) in DAMAGED.items()
    ]  # fmt: skip
    return {
        "what": "exactly. seal: state and choices, under key, nonce, model, chat and counter -> "
        "payload in hex without the zeros that fill it up, and the sha256 of the blob; restored, "
        "where it is not the state that was given, is what comes back. A sign: indicator, tally, "
        "strong, id of the message, place. blob is that of the first case. damaged: bytes of it "
        "that are set, and its length (negative: so many are cut) -> refused. opened: other "
        "arguments -> choices and whether there is a state, or refused. unreadable: bytes of the "
        "payload of the second case that are set -> the choices are read, the state is not. An "
        "error is the sentence of the Python runtime; a port may word it otherwise",
        "key": KEY.hex(),
        "nonce": NONCE.hex(),
        "model": MODEL.hex(),
        "chat_id": CHAT,
        "counter": COUNTER,
        "state_size": STATE_SIZE,
        "blob": base64.b64encode(blob).decode("ascii"),
        "cases": [
            *(seal_case(why, *chat) for why, chat in states.items()),
            *damage,
            *({"rule": "opened", "why": why, "with": changes, **opened(blob, changes)}
              for why, changes in OPENED.items()),
            *(unreadable_case(why, sets) for why, sets in UNREADABLE.items()),
        ],
    }  # fmt: skip
