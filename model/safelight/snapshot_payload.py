"""What a snapshot holds, as bytes of a fixed size: choices, the model's state, the policy's. Pure.

All numbers are little-endian; floats of the policy have 64 bits, so that nothing is rounded. A
text is a byte of length and UTF-8. docs/formats.md lists the fields in order.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from safelight import reading
from safelight.conversation import ChatState
from safelight.policy import MAX_REASONS, PolicyState, Seen
from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight.types import Level, Reason, Stage

#: Bytes of an id or a name that are kept as they are; of a longer one, its hash is.
MAX_TEXT_BYTES = 64
#: Peers and their indicators that fit. A chat between two has one peer and at most 21 indicators.
MAX_PEERS, MAX_SEEN = 32, 64
MAX_CHOICES_BYTES = 1024
#: Bytes of a payload but for the model's state.
_REST = 9 * 1024
_UNKNOWN_TIME = -(2**63)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_STAGES = tuple(Stage)

#: A peer of the chat and one indicator that it showed.
_Entry = tuple[str, str, Seen]


def short(text: str) -> str:
    """Return `text`, or, where its UTF-8 has over 64 bytes, "sha256:" and 32 hex digits."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= MAX_TEXT_BYTES:
        return text
    return f"sha256:{hashlib.sha256(data).hexdigest()[:32]}"


def size(state_size: int) -> int:
    """Bytes of every payload for a model with a state of `state_size` floats."""
    return _REST + 4 * state_size


def encode(state: ChatState, choices: Mapping[str, Any]) -> bytes:
    """Return the payload, size(len(state.hidden)) bytes whatever the chat.

    Of a group that shows more than fits, the indicators of peers that raised the level are kept
    first, then those of the largest tallies. choices: JSON values, at most 1,024 bytes as JSON
    (ValueError otherwise).
    """
    out = _Writer()
    out.block(_choices_json(choices))
    out.block(np.asarray(state.hidden, "<f4").tobytes())
    out.put(f"<{len(RISKS)}d", *state.risks)
    out.put("<dqQ", state.foreign, _microseconds(state.last_sent_at), state.messages)
    _put_policy(out, state.policy)
    return bytes(out.data).ljust(size(len(state.hidden)), b"\0")


def decode_choices(payload: bytes) -> dict[str, Any]:
    """Return the choices, which any model understands; ValueError or the like on any fault."""
    return reading.parse_json(_Reader(payload).block(), "choices")


def decode(payload: bytes, state_size: int) -> ChatState:
    """Return the state that `encode` was given, short ids; ValueError or the like on any fault."""
    if len(payload) != size(state_size):
        raise ValueError("size")
    found = _Reader(payload)
    found.block()
    hidden = np.frombuffer(found.block(), "<f4").astype(np.float32)
    if hidden.shape != (state_size,):
        raise ValueError("state")
    risks = found.get(f"<{len(RISKS)}d")
    foreign, sent, messages = found.get("<dqQ")
    state = ChatState(hidden, _policy(found), risks, _time(sent), messages, foreign)
    if any(found.rest()) or not _finite(state):
        raise ValueError("content")
    return state


class _Writer:
    def __init__(self) -> None:
        self.data = bytearray()

    def put(self, layout: str, *values: float) -> None:
        self.data += struct.pack(layout, *values)

    def block(self, data: bytes) -> None:
        self.put("<H", len(data))
        self.data += data

    def text(self, text: str) -> None:
        data = short(text).encode("utf-8", "surrogatepass")
        self.put("<B", len(data))
        self.data += data


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def get(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return found

    def count(self, most: int) -> int:
        found = int(self.get("<B")[0])
        if found > most:
            raise ValueError("count")
        return found

    def block(self) -> bytes:
        return self._take(self.get("<H")[0])

    def text(self) -> str:
        return self._take(self.count(MAX_TEXT_BYTES)).decode("utf-8", "surrogatepass")

    def rest(self) -> bytes:
        return self._data[self._at :]

    def _take(self, length: int) -> bytes:
        found = self._data[self._at : self._at + length]
        if len(found) != length:
            raise ValueError("too short")
        self._at += length
        return found


def _choices_json(choices: Mapping[str, Any]) -> bytes:
    found = json.dumps(dict(choices), sort_keys=True, separators=(",", ":"), allow_nan=False)
    if len(found) > MAX_CHOICES_BYTES:
        raise ValueError(f"choices must have at most {MAX_CHOICES_BYTES} bytes as JSON")
    return found.encode("ascii")


def _microseconds(sent_at: datetime | None) -> int:
    return _UNKNOWN_TIME if sent_at is None else (sent_at - _EPOCH) // _MICROSECOND


def _time(microseconds: int) -> datetime | None:
    if microseconds == _UNKNOWN_TIME:
        return None
    # A time zone can reach past the years that a datetime in UTC can hold, by less than a day.
    low, high = (
        _microseconds(end.replace(tzinfo=timezone.utc)) for end in (datetime.min, datetime.max)
    )
    if not low - 86_400_000_000 < microseconds < high + 86_400_000_000:
        raise ValueError("time")
    return _EPOCH + min(max(microseconds, low), high) * _MICROSECOND


def _finite(state: ChatState) -> bool:
    tallies = [seen.tally for entries in state.policy.peers.values() for seen in entries.values()]
    numbers = [*state.risks, state.foreign, *state.policy.cues.values(), *tallies]
    return bool(np.isfinite(state.hidden).all() and np.isfinite(numbers).all())


def _that_fit(policy: PolicyState) -> tuple[list[str], list[_Entry]]:
    """Return the peers and the entries that are kept, in the order of the policy."""

    def weight(entry: _Entry) -> tuple[bool, float, int]:
        peer, _, seen = entry
        return peer not in policy.raised_by, -seen.tally, -seen.at

    entries = [
        (peer, name, seen)
        for peer, found in policy.peers.items()
        for name, seen in found.items()
    ]  # fmt: skip
    chosen: set[tuple[str, str]] = set()
    peers: set[str] = set()
    for peer, name, _ in sorted(entries, key=weight):
        if len(chosen) < MAX_SEEN and (peer in peers or len(peers) < MAX_PEERS):
            chosen.add((peer, name))
            peers.add(peer)
    faded = [peer for peer in dict.fromkeys(policy.raised_by) if peer not in peers]
    kept = [peer for peer in policy.peers if peer in peers] + faded
    return kept[:MAX_PEERS], [entry for entry in entries if entry[:2] in chosen]


def _put_policy(out: _Writer, policy: PolicyState) -> None:
    peers, entries = _that_fit(policy)
    raised_by = [peer for peer in dict.fromkeys(policy.raised_by) if peer in peers]
    reasons = policy.reasons[:MAX_REASONS]
    out.put("<BB", policy.level, _STAGES.index(policy.stage))
    out.put("<QQ", policy.below, policy.messages)
    out.put("<B", len(peers))
    for peer in peers:
        out.text(peer)
    out.put("<B", len(raised_by))
    for peer in raised_by:
        out.put("<B", peers.index(peer))
    out.put("<B", len(entries))
    for peer, name, seen in entries:
        out.put(
            "<BBBdQ", peers.index(peer), INDICATORS.index(name), seen.strong, seen.tally, seen.at
        )
        out.text(seen.message_id)
    out.put("<B", len(policy.cues))
    for name, tally in policy.cues.items():
        out.put("<Bd", CUES.index(name), tally)
    out.put("<B", len(reasons))
    for reason in reasons:
        out.put("<B", INDICATORS.index(reason.indicator))
        out.text(reason.message_id)


def _policy(found: _Reader) -> PolicyState:
    level, stage = found.get("<BB")
    below, messages = found.get("<QQ")
    names = [found.text() for _ in range(found.count(MAX_PEERS))]
    raised_by = tuple(names[found.count(MAX_PEERS)] for _ in range(found.count(MAX_PEERS)))
    peers: dict[str, dict[str, Seen]] = {}
    for _ in range(found.count(MAX_SEEN)):
        peer, name, strong, tally, at = found.get("<BB?dQ")
        seen = Seen(tally, strong, found.text(), at)
        peers.setdefault(names[peer], {})[INDICATORS[name]] = seen
    cues = {}
    for _ in range(found.count(len(CUES))):
        name, tally = found.get("<Bd")
        cues[CUES[name]] = tally
    reasons = []
    for _ in range(found.count(MAX_REASONS)):
        name = INDICATORS[found.count(len(INDICATORS))]
        reasons.append(Reason(found.text(), name))
    return PolicyState(
        level=Level(level),
        stage=_STAGES[stage],
        reasons=tuple(reasons),
        below=below,
        messages=messages,
        peers=peers,
        cues=cues,
        raised_by=raised_by,
    )
