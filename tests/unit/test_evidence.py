"""The evidence file: what is hashed, what a change shows, what redaction takes out."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight import evidence_file
from safelight.evidence import Evidence, commit_said, encode, make, redact, short_digest
from safelight.evidence_file import EvidenceError
from safelight.evidence_parts import FACTS, Fact, Noticed, Said, is_iso, iso
from safelight.evidence_verify import verify

PARIS = timezone(timedelta(hours=1))
CREATED = datetime(2026, 1, 31, 18, 2, 11, tzinfo=PARIS)
FIRST = "2026-01-30T21:07:00+01:00"
SECRET = "you have one hour"
SAID = (
    Said(3, "@kestrel", "hi, is this Sam?", FIRST),
    Said(4, "@sam", "yes", "2026-01-30T21:08:00"),
    Said(5, "@kestrel", SECRET, FIRST, noticed=Noticed("warning", ("deadline", "pressure"))),
    Said(9, "@wren", "see this", "", media="image", file_name="IMG-0001.jpg"),
)
ENTERED = (
    Fact("platform", "ChatApp"),
    Fact("owner", "@sam"),
    Fact("peer", "@kestrel"),
    Fact("peer", "@wren"),
    Fact("money_demanded", "yes"),
    Fact("contact", "555-0112"),
)


def counted() -> Callable[[int], bytes]:
    """Salts 00…, 01…, 02…: for a file that is the same every time."""
    numbers = iter(range(256))
    return lambda size: bytes([next(numbers)]) * size


@pytest.fixture
def made() -> Evidence:
    return make(SAID, ENTERED, created=CREATED, source="whatsapp", new_salt=counted())


# What is hashed -------------------------------------------------------------------------------


def plainly(*fields: str | int | bytes) -> bytes:
    """The encoding of docs/formats.md, spelled out a second time."""
    out = b""
    for each in fields:
        data = each.encode() if isinstance(each, str) else each
        data = struct.pack(">Q", data) if isinstance(data, int) else data
        out += struct.pack(">Q", len(data)) + data
    return out


def sha(*fields: str | int | bytes) -> bytes:
    return hashlib.sha256(plainly(*fields)).digest()


def test_the_chain_is_the_one_that_the_format_describes(made: Evidence) -> None:
    domain = "safelight-evidence-1/"
    value = sha(domain + "header", "2026-01-31T18:02:11+01:00", "whatsapp", 6, 4)
    salt = counted()
    for fact in ENTERED:
        commitment = sha(domain + "fact", salt(32), fact.name, fact.value)
        value = sha(domain + "fact-link", value, fact.name, commitment)
    noticed = plainly("warning", "deadline", "pressure")
    for said, seen in zip(SAID, (b"", b"", noticed, b""), strict=True):
        commitment = sha(
            domain + "message", salt(32), said.number, said.sender, said.sent_at,
            said.media or "", said.file_name, said.text, seen,
        )  # fmt: skip
        value = sha(domain + "message-link", value, said.number, commitment)
    assert made.digest == value
    assert short_digest(made.digest) == "94d9 ed96 50e2 3932"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=20)), st.lists(st.binary(max_size=20)))
def test_other_fields_never_encode_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (encode(*one) == encode(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["abc"], ["abc", ""]),
        (["", "a"], ["a", ""]),
        (["a", "b"], ["\0\0\0\0\0\0\0\1b", "a"]),
    ],
)
def test_fields_that_a_plain_join_would_confuse(one: list[str], other: list[str]) -> None:
    assert encode(*map(str.encode, one)) != encode(*map(str.encode, other))


MESSAGES = st.builds(
    Said,
    number=st.integers(1, 2**53 - 1),
    sender=st.sampled_from(["a", "ab", "\u202eb"]),
    text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
    sent_at=st.sampled_from(["", FIRST, "2026-01-30T21:07:00"]),
    media=st.sampled_from([None, "image", "file"]),
    file_name=st.sampled_from(["", "a", "file"]),
    noticed=st.sampled_from([None, Noticed("none", ()), Noticed("none", ("secrecy",))]),
)


@settings(max_examples=200, deadline=None)
@given(MESSAGES, MESSAGES)
def test_other_messages_never_share_a_commitment(one: Said, other: Said) -> None:
    salt = bytes(32)
    assert (commit_said(salt, one) == commit_said(salt, other)) == (one == other)


def test_every_salt_is_new_and_long() -> None:
    same = [replace(SAID[0], number=number) for number in range(1, 200)]
    rows = make(same, ENTERED, created=CREATED).messages
    salts = {row.salt for row in rows}
    assert len(salts) == len(rows)
    assert {len(salt) for salt in salts if salt} == {32}


# Change ---------------------------------------------------------------------------------------


def as_json(evidence: Evidence) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(evidence_file.to_bytes(evidence))
    return value


def faults(value: dict[str, Any]) -> str:
    """What verification says of a file, or why it cannot be read."""
    try:
        return ", ".join(verify(evidence_file.parse(json.dumps(value).encode())).faults)
    except EvidenceError as error:
        return str(error)


def test_what_was_made_holds(made: Evidence) -> None:
    assert faults(as_json(made)) == ""
    assert verify(made).holds


CHANGES = [
    ("created", "2026-01-31T18:02:12+01:00", "header"),
    ("source", "telegram", "header"),
    ("header", "0" * 64, "header, fact 1 (platform)"),
    ("digest", "0" * 64, "digest"),
    ("facts.0.value", "ChatApq", "fact 1 (platform)"),
    ("facts.1.value", "@Sam", "fact 2 (owner)"),
    ("facts.2.value", "@kestre1", "fact 3 (peer)"),
    ("facts.4.value", "no", "fact 5 (money_demanded)"),
    ("facts.5.name", "note", "fact 6 (note)"),
    ("facts.5.salt", "0" * 64, "fact 6 (contact)"),
    ("facts.5.commitment", "0" * 64, "fact 6 (contact)"),
    ("facts.5.link", "0" * 64, "fact 6 (contact), message 3"),
    ("messages.0.number", 2, "message 2"),
    ("messages.0.text", "hi, is this Sam!", "message 3"),
    ("messages.0.text", "hi, is this Sam? ", "message 3"),
    ("messages.0.text", "", "message 3"),
    ("messages.0.sender", "@sam", "message 3"),
    ("messages.0.sent_at", "2026-01-30T21:07:01+01:00", "message 3"),
    ("messages.0.sent_at", "2026-01-30T20:07:00+00:00", "message 3"),
    ("messages.0.sent_at", "2026-01-30T21:07:00", "message 3"),
    ("messages.0.sent_at", "", "message 3"),
    ("messages.0.media", "video", "message 3"),
    ("messages.0.file_name", "x", "message 3"),
    ("messages.0.noticed", {"level": "none", "indicators": []}, "message 3"),
    ("messages.2.noticed", None, "message 5"),
    ("messages.2.noticed.level", "urgent", "message 5"),
    ("messages.2.noticed.indicators", ["pressure", "deadline"], "message 5"),
    ("messages.3.media", None, "message 9"),
    ("messages.3.file_name", "IMG-0002.jpg", "message 9"),
    ("messages.3.salt", "0" * 64, "message 9"),
    ("messages.3.commitment", "0" * 64, "message 9"),
    ("messages.3.link", "0" * 64, "message 9, digest"),
]


@pytest.mark.parametrize(("path", "value", "found"), CHANGES)
def test_a_change_is_found_where_it_is(made: Evidence, path: str, value: Any, found: str) -> None:
    changed = as_json(made)
    *way, last = path.split(".")
    target: Any = changed
    for step in way:
        target = target[int(step)] if step.isdecimal() else target[step]
    assert last in target and target[last] != value
    target[last] = value
    assert faults(changed) == found


def test_the_table_of_changes_names_every_field(made: Evidence) -> None:
    value = as_json(made)
    fields = set(value) - {"kind", "format", "facts", "messages"}
    fields |= {f"facts.{key}" for key in value["facts"][0]}
    fields |= {f"messages.{key}" for key in value["messages"][0]}
    changed = {".".join(p for p in path.split(".") if not p.isdecimal()) for path, *_ in CHANGES}
    assert fields <= changed


@pytest.mark.parametrize(
    ("key", "order", "found"),
    [
        ("messages", [1, 0, 2, 3], "message 4, message 3, message 5, order"),
        ("messages", [0, 1, 3, 2], "message 9, message 5, digest, order"),
        ("messages", [0, 2, 3], "header, message 5"),
        ("messages", [1, 2, 3], "header, message 4"),
        ("messages", [0, 1, 2], "header, digest"),
        ("messages", [0, 0, 1, 2, 3], "header, message 3, order"),
        ("facts", [0, 1, 3, 2, 4, 5], "fact 3 (peer), fact 4 (peer), fact 5 (money_demanded)"),
        ("facts", [0, 1, 2, 3, 4], "header, message 3"),
    ],
)
def test_order_removal_and_addition_are_found(
    made: Evidence, key: str, order: list[int], found: str
) -> None:
    value = as_json(made)
    value[key] = [copy.deepcopy(value[key][index]) for index in order]
    assert faults(value) == found


def test_two_contents_swapped_under_their_numbers_are_found(made: Evidence) -> None:
    value = as_json(made)
    one, other = value["messages"][0], value["messages"][2]
    for key in ("sender", "sent_at", "text", "noticed", "salt"):
        one[key], other[key] = other[key], one[key]
    assert faults(value) == "message 3, message 5"


def test_no_changed_byte_goes_unseen(made: Evidence) -> None:
    """A byte shows, or makes no difference to what is read, such as a blank between fields."""
    data = evidence_file.to_bytes(made)
    draw = random.Random(7)
    unseen = []
    for at in draw.sample(range(len(data)), 1_500):
        changed = bytearray(data)
        changed[at] ^= 1 << draw.randrange(8)
        try:
            found = evidence_file.parse(bytes(changed))
        except EvidenceError:
            continue
        if verify(found).holds and found != made:
            unseen.append(at)
    assert unseen == []


def test_a_file_made_anew_shows_only_beside_the_noted_code(made: Evidence) -> None:
    noted = short_digest(made.digest)
    again = make([replace(SAID[0], text="other"), *SAID[1:]], ENTERED, created=CREATED)
    assert verify(again).holds
    assert verify(again, noted).faults == ("the digest that was noted",)
    assert verify(made, noted).holds and verify(made, noted).noted


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        (lambda d: d[:16], True),
        (lambda d: d, True),
        (lambda d: d[:16].upper(), True),
        (lambda d: "-".join((d[:4], d[4:8], d[8:12], d[12:16])), True),
        (lambda d: d[:15] + ("0" if d[15] != "0" else "1"), False),
    ],
)
def test_a_noted_code(made: Evidence, code: Callable[[str], str], fits: bool) -> None:
    assert verify(made, code(made.digest.hex())).holds is fits


@pytest.mark.parametrize("code", ["", "39a0 8561", "not a code at all", "0" * 65])
def test_what_is_no_code(made: Evidence, code: str) -> None:
    with pytest.raises(ValueError, match="a digest has 16 to 64 digits"):
        verify(made, code)


# Redaction ------------------------------------------------------------------------------------


def test_redaction_keeps_the_code_and_says_what_is_missing(made: Evidence) -> None:
    less = redact(made, [5], ["contact"])
    assert less.digest == made.digest
    verdict = verify(evidence_file.parse(evidence_file.to_bytes(less)), made.digest.hex())
    assert verdict.holds
    assert (verdict.redacted_messages, verdict.redacted_facts) == ((5,), ("contact",))


def test_nothing_of_a_redacted_message_stays(made: Evidence) -> None:
    row = made.messages[2]
    less = as_json(redact(made, [5]))
    assert set(less["messages"][2]) == {"number", "commitment", "link"}
    written = json.dumps(less)
    assert row.salt is not None
    for gone in (SECRET, row.salt.hex(), "deadline", "warning"):
        assert gone in json.dumps(as_json(made))
        assert gone not in written


def test_a_peer_goes_with_its_last_message(made: Evidence) -> None:
    assert verify(redact(made, [3])).redacted_facts == ()
    assert verify(redact(made, [3, 5])).redacted_facts == ("peer",)
    assert verify(redact(redact(made, [3]), [5])).redacted_facts == ("peer",)
    assert "@wren" not in json.dumps(as_json(redact(made, [9])))


def test_a_redacted_message_cannot_be_guessed(made: Evidence) -> None:
    """With the salt a guess is confirmed; without it, no guess gives the commitment."""
    row = redact(make(SAID, ENTERED, created=CREATED), [5]).messages[2]
    assert row.salt is None and row.content is None
    assert made.messages[2].salt is not None
    assert commit_said(made.messages[2].salt, SAID[2]) == made.messages[2].commitment
    guesses = [b"", bytes(32), *(other.salt or b"" for other in made.messages)]
    assert all(commit_said(salt, SAID[2]) != row.commitment for salt in guesses)


def test_the_rest_of_a_redacted_file_is_still_guarded(made: Evidence) -> None:
    value = as_json(redact(made, [5]))
    value["messages"][2]["commitment"] = "0" * 64
    assert faults(value) == "message 5"
    value = as_json(redact(made, [5]))
    value["messages"][3]["text"] = "changed"
    assert faults(value) == "message 9"
    value = as_json(redact(made, [5]))
    del value["messages"][2]
    assert faults(value) == "header, message 9"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=6),
    st.sets(st.integers(1, 6)),
)
def test_any_text_round_trips_and_any_redaction_verifies(texts: list[str], out: set[int]) -> None:
    said = [Said(number, "@kestrel", text) for number, text in enumerate(texts, start=1)]
    made = make(said, ENTERED, created=CREATED)
    assert evidence_file.parse(evidence_file.to_bytes(made)) == made
    less = redact(made, out & set(range(1, len(texts) + 1)))
    read = evidence_file.parse(evidence_file.to_bytes(less))
    assert read == less
    assert verify(read, made.digest.hex()).holds


@pytest.mark.parametrize(
    ("numbers", "names", "what"),
    [
        ([6], [], "no message with that number"),
        ([], ["amount"], "no fact with that name"),
        ([], ["owner"], "still shows that account"),
        ([3], ["peer"], "still shows that account"),
    ],
)
def test_what_cannot_be_redacted(
    made: Evidence, numbers: list[int], names: list[str], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        redact(made, numbers, names)


# What is refused ------------------------------------------------------------------------------


def said(**changes: Any) -> tuple[Said, ...]:
    return (replace(SAID[0], **changes), *SAID[1:])


@pytest.mark.parametrize(
    ("messages", "facts", "what"),
    [
        ((), ENTERED, "1 to 10,000 messages"),
        (SAID[::-1], ENTERED, "not in the order"),
        (said(number=0), ENTERED, "no number from 1"),
        (said(sender="@nobody"), ENTERED, "by nobody of the accounts"),
        (said(sent_at="yesterday"), ENTERED, "not written as ISO 8601"),
        (said(sent_at="20260130T210700"), ENTERED, "not written as ISO 8601"),
        (said(media="hologram"), ENTERED, "unknown kind of media"),
        (said(text="x" * (2**20 + 1)), ENTERED, "longer than 1,048,576"),
        (said(noticed=Noticed("worst", ())), ENTERED, "unknown level or indicator"),
        (said(noticed=Noticed("none", ("charm",))), ENTERED, "unknown level or indicator"),
        (SAID, ENTERED[:1], "do not say whose chat"),
        (SAID, (*ENTERED, Fact("mood", "x")), "name that is not known"),
        (SAID, (*ENTERED, Fact("note", "")), "note must have 1 to"),
        (SAID, (*ENTERED, Fact("age_band", "12")), "age_band must be one of"),
        (SAID, (*ENTERED, Fact("country", "France")), "country must have two"),
        (SAID, (*ENTERED, Fact("contact", "x")), "repeated"),
        (SAID, (*ENTERED, Fact("peer", "@sam")), "the same handle"),
    ],
)
def test_what_is_refused_quotes_nothing(messages: Any, facts: Any, what: str) -> None:
    with pytest.raises(ValueError, match=what) as refused:
        make(messages, facts, created=CREATED)
    for text in ("hi, is this", "@nobody", "hologram", "yesterday", "France", "555"):
        assert text not in str(refused.value)


def test_a_file_without_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        make(SAID, ENTERED, created=CREATED.replace(tzinfo=None))


def test_facts_come_in_the_order_of_the_file(made: Evidence) -> None:
    shuffled = make(SAID, ENTERED[::-1], created=CREATED)
    places = [FACTS.index(str(row.key)) for row in shuffled.facts]
    assert places == sorted(places)


def test_no_repr_shows_a_word(made: Evidence) -> None:
    shown = repr(made) + repr(SAID) + repr(ENTERED)
    for text in (SECRET, "@kestrel", "555-0112", "IMG-0001"):
        assert text not in shown


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (None, ""),
        (CREATED, "2026-01-31T18:02:11+01:00"),
        (CREATED.replace(tzinfo=None), "2026-01-31T18:02:11"),
        (datetime(2026, 1, 31, tzinfo=timezone.utc), "2026-01-31T00:00:00+00:00"),
    ],
)
def test_times_are_as_given(moment: datetime | None, written: str) -> None:
    assert iso(moment) == written
    assert is_iso(written)
