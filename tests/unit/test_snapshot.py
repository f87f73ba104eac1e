"""Snapshots: a restored chat goes on as if nothing had been, and nothing else can be restored."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import struct
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import onnx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight import Conversation, Guard, Level, Message, SnapshotError
from safelight.snapshot import MAX_BYTES
from safelight.snapshot_payload import decode, encode, short

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)
SAMPLES = Path(__file__).parents[2] / "model" / "safelight" / "samples"
LONG_NAME, LONG_ID = "Ann " * 20, "event/" * 20


@pytest.fixture(scope="module")
def shipped() -> Guard:
    return Guard.load()


def sample(name: str) -> list[tuple[str, str, float]]:
    """The first chat of a sample file: sender, text, seconds."""
    chat = json.loads((SAMPLES / name).read_text(encoding="utf-8").splitlines()[0])
    return [(m["sender"], m["text"], m["offset_s"]) for m in chat["messages"]]


def messages(lines: list[tuple[str, str, float]]) -> list[Message]:
    return [
        Message(sender, text, None, NOON + timedelta(seconds=at), f"id-{n}")
        for n, (sender, text, at) in enumerate(lines)
    ]


def risky() -> list[Message]:
    return messages(sample("warning_signs.jsonl"))


def risky_then_quiet() -> list[Message]:
    """Long enough for the level to be left again, after messages in a row below it."""
    return risky() + messages(sample("ordinary.jsonl")) * 8


def group() -> list[Message]:
    """The same among three who take turns, one of them with a name that is too long to keep."""
    told = [m for line in sample("ordinary.jsonl") for m in [("Ben", *line[1:])]]
    mixed = [line for pair in zip(sample("warning_signs.jsonl"), told, strict=False)
             for line in pair]  # fmt: skip
    return [Message(LONG_NAME if m.sender == "zoe.r" else m.sender, m.text, None, None, m.id)
            for m in messages(mixed)]  # fmt: skip


def state_bytes(chat: Conversation) -> bytes:
    return encode(chat.state, chat.choices)


@pytest.mark.parametrize(
    ("lines", "levels"),
    [
        (risky, ["none", "notice", "warning", "urgent"]),
        (risky_then_quiet, ["none", "notice", "warning", "urgent", "warning", "notice", "none"]),
        (group, ["none", "notice", "warning"]),
    ],
)
def test_a_chat_restored_after_every_message_goes_on_the_same(
    shipped: Guard, lines: Callable[[], list[Message]], levels: list[str]
) -> None:
    live, kept = shipped.conversation("c"), shipped.conversation("c")
    shown, below = [], 0
    for said in lines():
        kept = shipped.restore(kept.snapshot(KEY), KEY, "c")
        one, other = (shipped.step([(chat, said)])[0] for chat in (live, kept))
        assert other == one  # level, floats, reasons with their ids: all of it, exactly
        assert state_bytes(kept) == state_bytes(live)
        shown.append(one.level.label)
        below = max(below, live.state.policy.below)
    # The chat does pass through what a snapshot could lose.
    assert [level for level, _ in itertools.groupby(shown)] == levels
    assert below > 0 or lines is not risky_then_quiet
    assert not kept.needs_replay


def told(guard: Guard, chat_id: str = "c") -> Conversation:
    chat = guard.conversation(chat_id)
    for n, text in enumerate(("keep the match", "picture at five", "everyone coins")):
        chat.observe(sender="peer", text=text, id=f"app-{n}", sent_at=NOON)
    return chat


def test_reasons_keep_their_ids_and_long_ones_become_hashes(guard: Guard) -> None:
    chat = guard.conversation("c")
    chat.observe(sender="peer", text="keep", id="app-1")
    chat.observe(sender="peer", text="picture", id=LONG_ID)
    kept = guard.restore(chat.snapshot(KEY), KEY, "c")
    seen = kept.observe(sender="peer", text="hello", id="app-3")
    assert [reason.message_id for reason in seen.reasons] == [short(LONG_ID), "app-1"]


def test_all_snapshots_have_one_length_and_no_two_are_alike(guard: Guard) -> None:
    fresh, full = guard.conversation("a chat with a long id" * 9), told(guard)
    full.mute()
    blobs = [chat.snapshot(KEY, counter=n) for chat in (fresh, full) for n in (0, 0, 2**63 - 1)]
    assert len({len(blob) for blob in blobs}) == 1
    assert len(blobs[0]) <= MAX_BYTES
    assert len({blob[-16:] for blob in blobs}) == len(blobs)


def test_the_documented_length(shipped: Guard) -> None:
    assert len(shipped.conversation("c").snapshot(KEY)) == 73 + 9216 + 4 * 256 == 10313


def test_the_format_is_the_documented_one(guard: Guard) -> None:
    """Read here by hand, with HKDF (RFC 5869) out of HMAC, as a port would."""
    chat = told(guard)
    blob = chat.snapshot(KEY, counter=7)
    magic, version, model, counter = struct.unpack("<4sB32sQ", blob[:45])
    assert (magic, version, counter) == (b"SFLS", 1, 7)
    assert model.hex() == guard.manifest.files["model.onnx"].sha256
    extracted = hmac.digest(bytes(32), KEY, hashlib.sha256)
    subkey = hmac.digest(extracted, b"safelight-snapshot-v1\0c\x01", hashlib.sha256)
    plain = AESGCM(subkey).decrypt(blob[45:57], blob[57:], blob[:45] + b"c")
    assert decode(plain, guard.manifest.state_size).policy == chat.state.policy


#: what → blob, key and chat id from a snapshot of chat "c" with counter 5, words of the refusal
REFUSED: dict[str, tuple[Callable[[bytes], bytes], dict[str, Any], str]] = {
    "nothing": (lambda b: b"", {}, "not a snapshot"),
    "something else": (lambda b: b"x" * len(b), {}, "not a snapshot"),
    "far too long": (lambda b: b + bytes(MAX_BYTES), {}, "not a snapshot"),
    "its head alone": (lambda b: b[:73], {}, "not a snapshot"),
    "cut": (lambda b: b[:-1], {}, "damaged"),
    "with a tail": (lambda b: b + b"\0", {}, "damaged"),
    "another chat's": (lambda b: b, {"chat_id": "d"}, "another chat or key"),
    "a longer id": (lambda b: b, {"chat_id": "c\0"}, "another chat or key"),
    "another key": (lambda b: b, {"key": OTHER_KEY}, "another chat or key"),
    "a newer format": (lambda b: b[:4] + b"\2" + b[5:], {}, "a format that this version"),
    "an old one": (lambda b: b, {"min_counter": 6}, "older"),
    "an old one made young": (
        lambda b: b[:37] + (9).to_bytes(8, "little") + b[45:], {"min_counter": 6}, "damaged"),
    "one that claims another model": (lambda b: b[:5] + bytes(32) + b[37:], {}, "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_this_chats_snapshot_is_refused(guard: Guard, what: str) -> None:
    change, options, words = REFUSED[what]
    blob = change(told(guard).snapshot(KEY, counter=5))
    with pytest.raises(SnapshotError, match=words):
        guard.restore(blob, **{"key": KEY, "chat_id": "c", **options})


def test_the_counter_asked_for_is_enough(guard: Guard) -> None:
    blob = told(guard).snapshot(KEY, counter=5)
    assert guard.restore(blob, KEY, "c", min_counter=5).level == Level.URGENT


def test_a_flip_of_any_byte_is_refused(guard: Guard) -> None:
    blob = told(guard).snapshot(KEY)
    for at in range(len(blob)):
        changed = bytearray(blob)
        changed[at] ^= 1 << at % 8
        with pytest.raises(SnapshotError):
            guard.restore(bytes(changed), KEY, "c")


@pytest.fixture
def newer(make_bundle: Callable[..., Path], tiny_files: dict[str, bytes]) -> Guard:
    """A guard whose model differs by a remark, so by its hash."""
    model = onnx.load_from_string(tiny_files["model.onnx"])
    model.doc_string = "other"
    folder = make_bundle(files={"model.onnx": model.SerializeToString()})
    return Guard.load(folder, allow_unsigned=True)


def test_another_model_keeps_the_choices_and_asks_for_a_replay(guard: Guard, newer: Guard) -> None:
    chat = told(guard)
    chat.mute()
    again = newer.restore(chat.snapshot(KEY, counter=3), KEY, "c", min_counter=3)
    assert again.muted
    assert (again.messages, again.level, again.needs_replay) == (0, Level.NONE, True)
    fresh = newer.conversation("c")
    assert not fresh.needs_replay
    same = newer.restore(again.snapshot(KEY), KEY, "c")  # kept again before the replay
    assert same.needs_replay
    assert len(again.snapshot(KEY)) == len(fresh.snapshot(KEY))
    same.wipe()
    assert not same.needs_replay
    again.unmute()
    seen = newer.replay(again, [Message("peer", "keep the match")])
    assert seen is not None
    assert (again.needs_replay, seen.level, seen.changed) == (False, Level.NOTICE, False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"key": b"short"}, "32 bytes"),
        ({"key": "x" * 32}, "32 bytes"),
        ({"key": KEY, "counter": -1}, "counter"),
        ({"key": KEY, "counter": 2**63}, "counter"),
        ({"key": KEY, "counter": True}, "counter"),
    ],
)
def test_faulty_arguments(guard: Guard, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        guard.conversation("c").snapshot(**arguments)


def test_only_the_guard_of_a_chat_makes_its_snapshot(guard: Guard, newer: Guard) -> None:
    with pytest.raises(ValueError, match="another guard"):
        newer.snapshot(guard.conversation("c"), KEY)


CANARY = "wombat"


def all_of(error: BaseException | None) -> str:
    """What a log could print of an error: its traceback, and every error that hangs from it."""
    said = ""
    while error is not None:
        said += "".join(traceback.format_exception(error)) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return said


def test_no_error_and_no_repr_holds_an_id_or_a_name(guard: Guard) -> None:
    chat_id = f"{CANARY}-chat"
    chat = guard.conversation(chat_id)
    for _ in range(2):
        chat.observe(sender=f"{CANARY}-peer", text=f"keep picture {CANARY}", id=f"{CANARY}-id")
    blob = chat.snapshot(KEY)
    assert chat.state.policy.reasons[0].message_id == f"{CANARY}-id"
    errors: list[BaseException] = []
    for change, options, _ in REFUSED.values():
        try:
            guard.restore(change(blob), **{"key": KEY, "chat_id": chat_id, **options})
        except SnapshotError as error:
            errors.append(error)
    assert len(errors) == len(REFUSED)
    shown = [all_of(error) for error in errors]
    restored = guard.restore(blob, KEY, chat_id)
    shown += [repr(thing) for thing in (chat, restored, chat.state, restored.state, guard)]
    shown += [repr(restored.state.policy), str(restored)]
    assert not [one for one in shown if CANARY in one]


def test_a_payload_that_is_not_understood_hangs_from_no_error(guard: Guard) -> None:
    """Sealed with the right key, but of other content, as by a faulty port."""
    head = struct.pack("<4sB32sQ", b"SFLS", 1, guard._model, 0)
    subkey = hmac.digest(hmac.digest(bytes(32), KEY, hashlib.sha256),
                         b"safelight-snapshot-v1\0c\x01", hashlib.sha256)  # fmt: skip
    faulty = json.dumps({"note": CANARY}).encode()[:-1]
    for plain in (b"\xff", struct.pack("<H", len(faulty)) + faulty, b"\2\0{}" + bytes(99)):
        blob = head + bytes(12) + AESGCM(subkey).encrypt(bytes(12), plain, head + b"c")
        with pytest.raises(SnapshotError, match="cannot read") as caught:
            guard.restore(blob, KEY, "c")
        assert caught.value.__context__ is None
        assert CANARY not in all_of(caught.value)


def test_an_assessment_after_a_restore_is_no_new_card(guard: Guard) -> None:
    kept = guard.restore(told(guard).snapshot(KEY), KEY, "c")
    seen = kept.observe(sender="peer", text="hello")
    assert (seen.level, seen.changed) == (Level.URGENT, False)
