"""Broken and hostile input: one clear problem, and what could be read is still there."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import Endless, messages, parse, problems
from safelight.importers import (
    FORMAT_NAMES,
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    read,
)
from safelight.importers.json_stream import JsonStream, JsonStreamError
from safelight.importers.source import HEAD_BYTES, capped_lines, open_binary

GOOD = "31/12/2021, 10:00 - Mia: hello\n31/12/2021, 10:01 - Jonas: hi\n"
LINE = json.dumps({"id": "a", "messages": [{"sender": "peer", "text": "private words"}]})
TELEGRAM = json.dumps(
    {
        "name": "Alex",
        "type": "personal_chat",
        "id": 1,
        "messages": [
            {"id": n, "type": "message", "date": "2024-01-01T10:00:00", "from": "Alex",
             "from_id": "user1", "text": "private words"}
            for n in range(5)
        ],
    }
)  # fmt: skip


# what it is, the bytes, messages still read, the line of the first problem, words of it, refused
HOSTILE = [
    ("empty", b"", 0, None, "empty", 1),
    ("only blanks", b" \n\n\t\n", 0, None, "empty", 1),
    ("binary", bytes(range(256)) * 40, 0, None, "binary", 1),
    ("zip", b"PK\x03\x04" + b"\x00" * 50, 0, None, "zip", 1),
    ("prose", b"dear diary, nothing happened today\n" * 9, 0, None, "neither", 1),
    ("a JSON array", b"[1, 2, 3]", 0, None, "neither", 1),
    ("impossible date", (GOOD + "99/99/2021, 10:02 - Mia: x\n").encode(), 3, 3, "date", 0),
    ("impossible clock", (GOOD + "31/12/2021, 27:61 - Mia: x\n").encode(), 3, 3, "date", 0),
    ("text before the chat", b"note\n" + GOOD.encode(), 2, 1, "before the first", 0),
    ("2 MB line", b"31/12/2021, 10:00 - A: " + b"x" * 2_000_000, 1, 1, "cut", 0),
    ("2 MB without a start", GOOD.encode() + b"x" * 2_000_000, 2, 2, "cut", 0),
    ("truncated JSON line", f"{LINE}\n{LINE[:40]}".encode(), 1, 2, "not valid JSON", 1),
    ("chat lines in JSON lines", f"{LINE}\n{GOOD[:30]}".encode(), 1, 2, "not valid JSON", 1),
    ("JSON line without messages", f'{LINE}\n{{"id": "b"}}\n'.encode(), 1, 2, "no list", 1),
    ("unknown media", LINE.replace('"text"', '"media"').encode(), 0, 1, "media", 1),
    ("time goes back", json.dumps({"id": "b", "messages": [
        {"sender": "peer", "offset_s": 5}, {"sender": "peer", "offset_s": 4}]}).encode(),
     0, 1, "message 2: offset_s", 1),
    ("infinite offset", b'{"messages": [{"sender": "peer", "offset_s": Infinity}]}',
     0, 1, "out of range", 1),
    ("huge offset", b'{"messages": [{"sender": "peer", "offset_s": 1%s}]}' % (b"0" * 400),
     0, 1, "out of range", 1),
    ("deep JSON line", b'{"messages": ' + b"[" * 100_000, 0, 1, "too deep", 1),
    ("truncated Telegram", TELEGRAM[:-60].encode(), 4, 1, "too early", 1),
    ("garbage in Telegram", TELEGRAM.replace('"id": 3', '"id": oh').encode(), 3, 1, "not valid", 1),
    ("more after Telegram", (TELEGRAM + "{}").encode(), 5, 1, "follows", 0),
    ("Telegram date", TELEGRAM.replace("2024-01-01T", "2024-13-41T", 1).encode(), 5, 1, "date", 0),
    ("Telegram item", TELEGRAM.replace('"messages": [', '"messages": [7, ').encode(),
     5, 1, "not a JSON object", 0),
    ("deep Telegram", b'{"about": "x", "personal_information": ' + b"[" * 100_000,
     0, 1, "too deep", 1),
]  # fmt: skip


@pytest.mark.parametrize("row", HOSTILE, ids=[row[0] for row in HOSTILE])
def test_hostile(row: tuple[str, bytes, int, int | None, str, int]) -> None:
    _, data, count, line, words, refused = row
    found = parse(data)
    told = problems(found)
    assert len(messages(found)) == count
    assert told[0].line == line
    assert words in told[0].what
    assert [problem.refused for problem in told] == [refused]
    assert all("private words" not in repr(problem) for problem in told)


def test_invalid_utf8_is_replaced() -> None:
    found = parse(GOOD.encode() + b"31/12/2021, 10:02 - Mia: caf\xe9\n")
    last = found[-1]
    assert isinstance(last, ImportedMessage) and last.text == "caf\ufffd"


def test_half_surrogates_never_leave_an_importer() -> None:
    found = parse(rb'{"id": "\ud800", "messages": [{"sender": "\ud83d", "text": "\udc00 x"}]}')
    chat, message = found
    assert isinstance(chat, ImportedChat) and isinstance(message, ImportedMessage)
    for text in (chat.id, message.sender, message.text):
        assert text.encode("utf-8").decode("utf-8") == text


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(FORMAT_NAMES))
def test_no_bytes_break_an_importer(data: bytes, format_name: str) -> None:
    starts = {"whatsapp": GOOD, "telegram": TELEGRAM[:200], "jsonl": LINE + "\n",
              "line": "2024/04/01(月)\n18:00\tA\thi\n"}  # fmt: skip
    for content in (data, starts.get(format_name, "").encode() + data):
        assert isinstance(parse(content, format_name), list)


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0, max_value=len(TELEGRAM) - 1))
def test_every_truncation_of_telegram_is_one_problem(length: int) -> None:
    found = parse(TELEGRAM[:length].encode(), "telegram")
    assert len(problems(found)) == 1
    assert len(messages(found)) <= 5


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.integers(min_value=1, max_value=7),
)
def test_the_incremental_reader_agrees_with_json(value: object, chunk: int) -> None:
    class Slow(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            return super().read(chunk)

    stream = JsonStream(Slow(json.dumps(value) + " "))
    assert stream.value() == value
    stream = JsonStream(Slow(json.dumps([value, 7])))
    seen = []
    for index, _ in enumerate(stream.items()):
        seen.append(stream.skip() if index == 0 else stream.value())
    assert seen == [None, 7]


def test_the_incremental_reader_counts_lines() -> None:
    stream = JsonStream(io.StringIO('{"a": 1,\n"b": [1,\n2,\n oops]}'))
    with pytest.raises(JsonStreamError) as caught:
        stream.skip()
    assert caught.value.line == 4


def test_capped_lines() -> None:
    lines = capped_lines(io.StringIO("ab\r\nabcd\nabcde\n\nlast"), 4)
    assert list(lines) == [
        (1, "ab", False),
        (2, "abcd", False),
        (3, "abcd", True),
        (4, "", False),
        (5, "last", False),
    ]


_ROW = b"31/12/2021, 10:00 - Mia: " + b"a long and friendly message " * 30 + b"\n"
_TELEGRAM_ROW = (
    b'{"id": 1, "type": "message", "date": "2024-01-01T10:00:00", "from": "A", "from_id": "user1",'
    b' "text": "' + b"a long and friendly message " * 30 + b'"},\n'
)
# name, what stands before the rows, a row, what stands behind them, megabytes in all
STREAMS = [
    ("whatsapp", b"", _ROW, b"", 80),
    ("telegram", b'{"name": "A", "type": "personal_chat", "id": 1, "messages": [\n', _TELEGRAM_ROW,
     _TELEGRAM_ROW[:-2] + b"]}", 40),
    ("jsonl", b"", LINE.replace("words", "words " * 150).encode() + b"\n", b"", 40),
]  # fmt: skip


@pytest.mark.parametrize("case", STREAMS, ids=[row[0] for row in STREAMS])
def test_memory_does_not_grow_with_the_file(case: tuple[str, bytes, bytes, bytes, int]) -> None:
    _, head, row, tail, megabytes = case
    size = megabytes * 1024 * 1024
    source = io.BufferedReader(Endless(head, row, tail, size), HEAD_BYTES)
    opened = open_binary(source, "x")
    tracemalloc.start()
    try:
        count, wrong = 0, 0
        for record in read(opened):
            count += isinstance(record, ImportedMessage)
            wrong += isinstance(record, ImportProblem)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert wrong == 0
    assert count > size // len(row) * 0.9
    assert peak < 6 * 1024 * 1024
