"""Broken and hostile exports of Signal, SMS, Instagram, Messenger, Element, LINE, Discord."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import EXPORTS, Endless, messages, parse, problems
from safelight.importers import (
    ImportedChat,
    ImportedMessage,
    Record,
    by_chat,
    read,
)
from safelight.importers.records import MAX_TEXT
from safelight.importers.source import HEAD_BYTES, open_binary
from safelight.importers.xml_tags import MAX_VALUE

SECRET = "private words"

SMS = '<sms address="555-0101" date="1712000000000" type="1" body="{}" />'
ENVELOPE = {
    "envelope": {
        "sourceNumber": "555-0101",
        "timestamp": 1,
        "dataMessage": {"timestamp": 1, "message": SECRET},
    }
}
EXPORTED = {"date": "2024-04-01T18:00:00", "sender": "Me", "body": SECRET, "attachments": []}
ROW = {"conversationId": "c", "type": "incoming", "body": SECRET, "sent_at": 1, "attachments": []}
FRAMES = [
    {"version": "1", "backupTimeMs": "1"},
    {"recipient": {"id": "2", "contact": {"profileGivenName": "A", "e164": "1"}}},
    {"chat": {"id": "10", "recipientId": "2"}},
    {"chatItem": {"chatId": "10", "authorId": "2", "dateSent": "1", "incoming": {}, "revisions": [],
                  "standardMessage": {"text": {"body": SECRET}, "attachments": []}}},
]  # fmt: skip
META = {
    "participants": [{"name": "A"}],
    "messages": [{"sender_name": "A", "timestamp_ms": 1, "content": SECRET}],
    "thread_path": "inbox/a",
}
ENCRYPTED = {
    "participants": ["A"],
    "threadName": "A",
    "messages": [{"senderName": "A", "timestamp": 1, "text": SECRET, "media": []}],
}
EVENT = {
    "type": "m.room.message",
    "sender": "@a:example.com",
    "origin_server_ts": 1,
    "event_id": "$1",
    "content": {"body": SECRET, "msgtype": "m.text", "m.relates_to": {}},
    "unsigned": {"m.relations": {"m.replace": {}}},
}
ROOM = {"room_name": "r", "exported_by": "a", "messages": [EVENT]}
CHANNEL = {
    "guild": {"id": "0"},
    "channel": {"id": "1", "name": "a"},
    "exportedAt": "2024-04-01T18:00:00+00:00",
    "messages": [
        {"type": "Default", "timestamp": "2024-04-01T18:00:00+00:00", "content": SECRET,
         "author": {"id": "9", "name": "A", "nickname": "A"}, "attachments": [], "stickers": []}
    ],
}  # fmt: skip
LINE = "[LINE] Aとのトーク履歴\n2024/04/01(月)\n18:00\tA\t{}\n"
#: format -> a small export of it that holds the secret once.
SMALL: list[tuple[str, Any]] = [
    ("signal", ENVELOPE),
    ("signal", EXPORTED),
    ("signal", ROW),
    ("signal", [ROW]),
    ("signal", FRAMES),
    ("meta", META),
    ("meta", ENCRYPTED),
    ("matrix", ROOM),
    ("discord", CHANNEL),
]
XML = f"<smses count='1'>{SMS.format(SECRET)}</smses>"


def smses(*rows: str) -> list[Record]:
    return parse("<smses>\n" + "\n".join(rows) + "\n</smses>", "sms")


def texts(found: list[Record]) -> list[str]:
    return [message.text for message in messages(found)]


def sound(found: list[Record]) -> None:
    """What holds for every record, whatever was read."""
    for record in found:
        assert SECRET not in repr(record)
        if isinstance(record, ImportedMessage):
            for text in (record.text, record.sender, record.sender_id or "", record.id or ""):
                text.encode("utf-8")
            assert len(record.text) <= MAX_TEXT
            assert record.sent_at is None or record.sent_at.tzinfo is not None
        elif isinstance(record, ImportedChat):
            " ".join((record.id, *record.people)).encode("utf-8")


@pytest.mark.parametrize(("format_name", "value"), SMALL, ids=[str(n) for n in range(len(SMALL))])
def test_small_exports_hold_the_secret(format_name: str, value: Any) -> None:
    for chosen in ("auto", format_name):
        assert texts(parse(json.dumps(value), chosen)) == [SECRET]
    assert texts(parse(XML)) == texts(parse(LINE.format(SECRET))) == [SECRET]


# what it is, the body as it stands in the file, what is read
BODIES = [
    ("a pair of references", "a&#55357;&#56832;b", "a😀b"),
    ("a pair in hexadecimal", "&#xD83D;&#xde00;", "😀"),
    ("two pairs", "&#55357;&#56832;&#55357;&#56904;", "😀🙈"),
    ("one reference", "&#128512;&#x1F600;", "😀😀"),
    ("the first half alone", "&#55357; x", "\ufffd x"),
    ("the second half alone", "x &#56832;", "x \ufffd"),
    ("halves the wrong way round", "&#56832;&#55357;", "\ufffd\ufffd"),
    ("a half before a plain one", "&#55357;&#65;", "\ufffdA"),
    ("no character", "&#0;&#11;&#1114112;&#65535;", "\ufffd\ufffd\ufffd\ufffd"),
    ("a control character", "a\x0bb\x01", "a\ufffdb\ufffd"),
    ("markup as references", "&#60;b&#62; &#38;amp; &#34;&#39;", "<b> &amp; \"'"),
    ("entities of XML", "&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
    ("line breaks", "one&#10;two&#13;&#9;", "one\ntwo\r\t"),
    ("an end of a tag", "1 > 0 /> yes", "1 > 0 /> yes"),
    ("what looks like a picture", "my data='QUJD' here", "my data='QUJD' here"),
]


@pytest.mark.parametrize(("_", "spelt", "meant"), BODIES, ids=[row[0] for row in BODIES])
@pytest.mark.parametrize("padding", [0, 65_400, 65_481, 65_482, 65_483, 65_490, 65_500])
def test_bodies(_: str, spelt: str, meant: str, padding: int) -> None:
    """Also where a body lies across two chunks of the file."""
    found = smses(" " * padding + SMS.format(spelt))
    assert (texts(found), problems(found)) == ([meant], [])


@pytest.mark.parametrize("spelt", ["&nosuch;", "a & b", "&a", '" body="twice'])
def test_a_bad_body_costs_one_record(spelt: str) -> None:
    found = smses(SMS.format("before"), SMS.format(spelt), SMS.format("behind"))
    assert texts(found) == ["before", "behind"]
    assert [(problem.line, problem.refused) for problem in problems(found)] == [(3, 0)]


def test_a_tag_with_too_much_in_it_is_refused_whole() -> None:
    many = " ".join(f"a{number}='1'" for number in range(300))
    found = smses(SMS.format("before"), SMS.format("x").replace("/>", many + " />"))
    assert texts(found) == ["before"]
    assert [problem.line for problem in problems(found)] == [3]


def test_comments_hold_no_records() -> None:
    found = smses("<!-- it's " + SMS.format("hidden") + " -- > ' -->", SMS.format("seen"))
    assert texts(found) == ["seen"]
    assert texts(parse("<!---->" + XML)) == [SECRET]


BOMB = "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else SECRET}">' for n in range(12)
)  # fmt: skip
DECLARED = [
    ("entities that grow", f"<!DOCTYPE smses [{BOMB}]>"),
    ("an external entity", '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
    ("an external type", '<!DOCTYPE s SYSTEM "https://example.com/s.dtd">'),
    ("a parameter entity", '<!DOCTYPE s [<!ENTITY % p SYSTEM "s.dtd"> %p;]>'),
    ("an entity alone", '<!ENTITY x "y">'),
]


@pytest.mark.parametrize(("_", "declared"), DECLARED, ids=[row[0] for row in DECLARED])
@pytest.mark.parametrize("late", [False, True])
def test_declarations_are_refused(_: str, declared: str, late: bool) -> None:
    before = f"<smses>{SMS.format('before')}" if late else ""
    after = f"<smses>{SMS.format('&e11;')}{SMS.format('&x;')}</smses>"
    found = parse(f"<?xml version='1.0'?>{before}\n{declared}\n{after}", "sms")
    assert texts(found) == ["before"] * late
    (problem,) = problems(found)
    assert (problem.line, problem.refused) == (2, 1)
    assert "entities are declared" in problem.what


def test_a_picture_is_never_held() -> None:
    size = 16 * 1024 * 1024
    head = b"<smses><mms date='1712000000000' msg_box='1' address='555-0101'><parts>"
    picture = b"<part ct='image/png' data = \""
    tail = b"\" /><part ct='text/plain' text='our cat' /></parts></mms></smses>"
    source = Endless(head + picture, b"QUJDREVG" * 64, tail, size)
    found, peak = measured(source)
    assert texts(found) == ["our cat"]
    assert [m.media for m in found if isinstance(m, ImportedMessage)] == ["image"]
    assert peak < 3 * 1024 * 1024


@pytest.mark.parametrize("row", [b"x", b" x='y'", b"'", b'"'])
def test_a_tag_without_end_is_never_held(row: bytes) -> None:
    found, peak = measured(Endless(b"<smses><sms ", row * 1000, b"", 16 * 1024 * 1024))
    assert texts(found) == []
    assert problems(found)[-1].refused == 1
    assert peak < 16 * 1024 * 1024


@pytest.mark.parametrize("spelt", ["x" * (MAX_VALUE + 99), "&#128512;" * (MAX_VALUE // 9 + 99)])
def test_a_long_body_is_cut_and_said_so(spelt: str) -> None:
    found = smses(SMS.format(spelt), SMS.format("behind"))
    first, second = texts(found)
    assert (len(first), second) == (MAX_TEXT, "behind")
    assert set(first) <= {"x", "😀"}
    assert "cut" in problems(found)[0].what and problems(found)[0].line == 2


def long(value: Any) -> str:
    return json.dumps(value).replace(SECRET, SECRET + "x" * MAX_TEXT)


@pytest.mark.parametrize(("format_name", "value"), SMALL, ids=[str(n) for n in range(len(SMALL))])
def test_long_texts_are_cut_and_said_so(format_name: str, value: Any) -> None:
    found = parse(long(value), format_name)
    assert [len(text) for text in texts(found)] == [MAX_TEXT]
    assert ["cut" in problem.what for problem in problems(found)] == [True]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from([10**30, -1, "\ud83d", "2024-13-01", "null"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner,
                                                                max_size=3),
    max_leaves=4,
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, Any]] = []
    for key, inner in pairs:
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += places(inner)
    return found


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SMALL), st.lists(st.tuples(st.integers(0, 99), junk), max_size=3))
def test_fields_of_any_kind_break_nothing(
    small: tuple[str, Any], changes: list[tuple[int, Any]]
) -> None:
    format_name, value = small[0], json.loads(json.dumps(small[1]))
    for place, other in changes:
        spots = places(value)
        if spots:
            container, key = spots[place % len(spots)]
            container[key] = other
    sound(parse(json.dumps(value), format_name))
    sound(parse(json.dumps(value)))


NAMES = [path.name for path in sorted(EXPORTS.iterdir())
         if path.name.startswith(("signal", "sms", "insta", "messenger", "element", "line",
                                 "discord"))]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12))
def test_damage_anywhere_breaks_nothing(name: str, at: float, gone: int, put: bytes) -> None:
    whole = (EXPORTS / name).read_bytes()
    place = int(at * len(whole))
    for data in (whole[:place], whole[:place] + put + whole[place + gone :]):
        for format_name in ("auto", "signal", "sms", "meta", "matrix", "line", "discord"):
            sound(parse(data, format_name))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(XML) - 1))
def test_every_truncation_of_a_backup_is_told(length: int) -> None:
    found = parse(XML[:length], "sms")
    assert sum(problem.refused for problem in problems(found)) == 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_comes_back_from_xml(text: str) -> None:
    spelt = "".join(f"&#{ord(c)};" for c in text)
    halves = text.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(halves[at : at + 2], "little") for at in range(0, len(halves), 2)]
    paired = "".join(f"&#{unit};" for unit in units)
    assume = "".join("\ufffd" if _forbidden(c) else c for c in text)
    assert texts(smses(SMS.format(spelt))) == texts(smses(SMS.format(paired)))
    assert texts(smses(SMS.format(spelt))) == ["" if assume == "null" else assume]


def _forbidden(c: str) -> bool:
    return (ord(c) < 32 and c not in "\t\n\r") or c in "\ufffe\uffff" or "\ud800" <= c <= "\udfff"


def measured(source: io.RawIOBase) -> tuple[list[Record], int]:
    """The records of a short result, and the most memory that reading took, in bytes."""
    opened = open_binary(io.BufferedReader(source, HEAD_BYTES), "x")
    tracemalloc.start()
    try:
        found = list(read(opened, "sms"))
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


BODY = "a long and friendly message " * 30
# format, what stands before the rows, a row, what stands behind them
STREAMS = [
    ("sms", "<smses>", SMS.format(BODY), "</smses>"),
    ("signal", "", json.dumps(ROW).replace(SECRET, BODY) + "\n", ""),
    ("meta", '{"participants": [{"name": "A"}], "thread_path": "inbox/a", "messages": [',
     json.dumps(META["messages"][0]).replace(SECRET, BODY) + ",",  # type: ignore[index]
     json.dumps(META["messages"][0]) + "]}"),  # type: ignore[index]
    ("matrix", '{"room_name": "r", "exported_by": "a", "messages": [',
     json.dumps(EVENT).replace(SECRET, BODY) + ",", json.dumps(EVENT) + "]}"),
    ("discord", '{"guild": {}, "channel": {"id": "1"}, "messages": [',
     json.dumps(CHANNEL["messages"][0]).replace(SECRET, BODY) + ",",  # type: ignore[index]
     json.dumps(CHANNEL["messages"][0]) + "]}"),  # type: ignore[index]
    ("line", LINE.format("a"), f"18:00\tA\t{BODY}\n", ""),
]  # fmt: skip


@pytest.mark.parametrize("case", STREAMS, ids=[row[0] for row in STREAMS])
@pytest.mark.parametrize("seekable", [False, True])
def test_memory_does_not_grow_with_the_file(
    case: tuple[str, str, str, str], seekable: bool, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(by_chat, "HELD", 4 * 1024 * 1024)  # so that the file can be small
    format_name, head, row, tail = case
    rows = 9 * 1024 * 1024 // len(row)
    path = tmp_path / "export"
    with path.open("w") as file:
        file.write(head)
        file.writelines(row for _ in range(rows))
        file.write(tail)
    raw = path.open("rb")
    if not seekable:
        raw.seekable = lambda: False  # type: ignore[method-assign]
    opened = open_binary(raw, "x")
    tracemalloc.start()
    try:
        count = sum(isinstance(record, ImportedMessage) for record in read(opened, format_name))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        opened.close()
    assert count - rows in (0, 1)
    assert peak < 8 * 1024 * 1024
