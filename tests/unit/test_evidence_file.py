"""The evidence file as bytes: hostile texts, files that are refused, the lock."""

from __future__ import annotations

import base64
import json
import struct
from datetime import datetime, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.evidence import Evidence, make
from safelight.evidence_file import EvidenceError, parse, to_bytes
from safelight.evidence_lock import is_locked, lock, unlock
from safelight.evidence_parts import Fact, Said
from safelight.evidence_verify import verify

CREATED = datetime(2026, 1, 31, 18, 2, 11, tzinfo=timezone.utc)
OWNER = Fact("owner", "@sam")
SECRET = "private words of a person"
PHRASE = "correct horse battery"
#: The least work that a file may ask for, so that tests stay quick.
QUICK = 14

HOSTILE = {
    "controls": "".join(map(chr, range(0x20))) + "\x7f\x80\x9f",
    "right to left": "abc\u202efdp.exe\u2066\u2069\u200f",
    "html": "</script><img src=x onerror=alert(1)>&amp;\"'<!--",
    "json": '"},{"number": 1, "text": "\\u0041',
    "astral": "\U0001f469\u200d\U0001f680 \U000e0041 \ufffe",
    "lines": "a\r\nb\rc\nd\u2028e\u2029f\x85g",
    "unnormalised": "e\u0301 \u00e9 \u212b ﬁ",
    "one megabyte": "ab\u202ec€" * (2**20 // 6),
}


def evidence(text: str) -> Evidence:
    return make([Said(1, "@sam", text)], [OWNER], created=CREATED)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_comes_back_as_it_was(name: str) -> None:
    made = evidence(HOSTILE[name])
    read = parse(to_bytes(made))
    assert read == made
    assert read.messages[0].content is not None
    assert read.messages[0].content.text == HOSTILE[name]
    assert verify(read).holds


def test_the_file_is_ascii_whatever_was_written() -> None:
    assert to_bytes(evidence(HOSTILE["astral"])).isascii()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_half_surrogates_become_question_marks_and_nothing_else_changes(text: str) -> None:
    made = evidence(text)
    expected = "".join("?" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)
    assert made.messages[0].content is not None
    assert made.messages[0].content.text == expected
    assert parse(to_bytes(made)) == made


def changed(**top: Any) -> bytes:
    return json.dumps({**json.loads(to_bytes(evidence(SECRET))), **top}).encode()


def row(**fields: Any) -> bytes:
    value = json.loads(to_bytes(evidence(SECRET)))
    value["messages"][0].update(fields)
    value["messages"][0] = {k: v for k, v in value["messages"][0].items() if v != "DROP"}
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "must be an object"),
        (b'{"kind": 1, "kind": 1}', "not valid JSON"),
        (b"{}", "not an evidence file"),
        (b'{"kind": "safelight-evidence"}', "'format' is missing"),
        (changed(format=2), "format 2 is newer"),
        (changed(more=1), "'more' is not known"),
        (changed(created=""), "created is not written as ISO 8601"),
        (changed(created=1), "created is not a text"),
        (changed(digest="0" * 63), "digest must have 64 digits"),
        (changed(digest="A" * 64), "digest must have 64 digits"),
        (changed(facts=[]), "facts: must have"),
        (changed(messages=[]), "messages: must have"),
        (changed(messages={}), "messages: must be a list"),
        (changed(messages=[1]), "message at place 1: must be an object"),
        (row(text=5), "message 1: text is not a text"),
        (row(text="\ud800"), "message 1: text is not a text"),
        (row(salt="DROP"), "'salt' is missing"),
        (row(text="DROP"), "'text' is missing"),
        (row(picture="x"), "'picture' is not known"),
        (row(number=True), "number: must be a whole number"),
        (row(number=0), "number: must lie between"),
        (row(sent_at="30/01/2026"), "a time is not written as ISO 8601"),
        (row(media="hologram"), "an unknown kind of media"),
        (row(noticed={"level": "none", "indicators": ["charm"]}), "indicators: must be one of"),
        (row(noticed={"level": "worst", "indicators": []}), "unknown level"),
    ],
)
def test_what_is_refused_quotes_nothing(data: bytes, what: str) -> None:
    with pytest.raises(EvidenceError, match=what) as refused:
        parse(data)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


# The lock -------------------------------------------------------------------------------------


def test_a_locked_file_opens_by_its_passphrase_alone() -> None:
    plain = to_bytes(evidence(SECRET))
    locked = lock(plain, PHRASE, log_n=QUICK)
    assert is_locked(locked) and not is_locked(plain)
    assert unlock(locked, PHRASE) == plain
    assert SECRET.encode() not in locked
    assert base64.b64encode(SECRET.encode())[:20] not in locked
    with pytest.raises(EvidenceError, match=r"^wrong passphrase, or the file was changed$"):
        unlock(locked, PHRASE + "!")


def test_the_lock_is_the_one_that_the_format_describes() -> None:
    """What is authenticated beside the data, spelled out a second time."""
    found = json.loads(lock(b"plain", PHRASE, log_n=QUICK))
    salt, nonce = bytes.fromhex(found["salt"]), bytes.fromhex(found["nonce"])
    key = Scrypt(salt=salt, length=32, n=2**QUICK, r=8, p=1).derive(PHRASE.encode())
    beside = b""
    for each in (b"safelight-evidence-locked", b"scrypt", 1, QUICK, 8, 1, salt):
        data = struct.pack(">Q", each) if isinstance(each, int) else each
        beside += struct.pack(">Q", len(data)) + data
    assert AESGCM(key).decrypt(nonce, base64.b64decode(found["data"]), beside) == b"plain"


def test_the_same_letters_spelled_otherwise_open_it() -> None:
    locked = lock(b"plain", "caf\u00e9 au lait", log_n=QUICK)
    assert unlock(locked, "cafe\u0301 au lait") == b"plain"


def test_no_two_locks_are_alike() -> None:
    one, other = (json.loads(lock(b"plain", PHRASE, log_n=QUICK)) for _ in range(2))
    for key in ("salt", "nonce", "data"):
        assert one[key] != other[key]


def test_a_lock_takes_the_work_that_the_format_names() -> None:
    assert json.loads(lock(b"plain", PHRASE))["log_n"] == 17


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8 characters"):
        lock(b"plain", "seven77")


LOCKED = json.loads(lock(b"plain", PHRASE, log_n=QUICK))


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("kind", "safelight-evidence", "not well formed"),
        ("format", 2, "format 2 is newer"),
        ("format", 0, "must lie between"),
        ("log_n", 15, "wrong passphrase"),
        ("log_n", 13, "must lie between 14 and 18"),
        ("log_n", 40, "must lie between 14 and 18"),
        ("salt", "00" * 16, "wrong passphrase"),
        ("salt", "00", "not well formed"),
        ("nonce", "00" * 12, "wrong passphrase"),
        ("nonce", "", "not well formed"),
        ("nonce", 5, "not well formed"),
        ("data", "AAAA", "wrong passphrase"),
        ("data", "?", "not well formed"),
        pytest.param("data", LOCKED["data"][:-8] + "AAAAAAA=", "wrong passphrase", id="data end"),
        ("more", 1, "'more' is not known"),
    ],
)
def test_a_changed_lock_does_not_open(key: str, value: Any, what: str) -> None:
    with pytest.raises(EvidenceError, match=what):
        unlock(json.dumps({**LOCKED, key: value}).encode(), PHRASE)
    assert unlock(json.dumps(LOCKED).encode(), PHRASE) == b"plain"
