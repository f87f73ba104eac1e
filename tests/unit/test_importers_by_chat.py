"""Messages of many chats in one file become chats in time order, in bounded memory."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.importers import ImportedChat, ImportedMessage, ImportProblem, Record
from safelight.importers.by_chat import HELD, Piece, Source, _size, by_chat

START = datetime(2024, 4, 1, 12, tzinfo=timezone.utc)
#: What one message of these tests counts, in bytes.
EACH = _size(ImportedMessage("A", "0000"))
Row = tuple[str, int | None]  # the chat, hours since START


@dataclass
class File:
    """Rows that can be read again, or not; counts how often."""

    rows: list[Row]
    again: bool = True
    newest_first: bool = False
    passes: int = 0

    def pieces(self, _: object) -> Iterator[Piece]:
        self.passes += 1
        yield ImportProblem("f", 1, "wrong")
        for number, (chat, hours) in enumerate(self.rows):
            moment = None if hours is None else START + timedelta(hours=hours)
            yield chat, ImportedMessage("A", f"{number:04}", sent_at=moment)
        yield "empty", None

    def records(self, limit: int) -> list[Record]:
        stream = io.StringIO()
        if not self.again:
            stream.seekable = lambda: False  # type: ignore[method-assign]
        source = Source("f", stream, self.pieces, lambda chat: ImportedChat(chat, True),
                        newest_first=self.newest_first)  # fmt: skip
        return list(by_chat(source, limit))


def shown(found: list[Record]) -> list[str]:
    return [f"#{record.id}" if isinstance(record, ImportedChat) else record.text
            for record in found if not isinstance(record, ImportProblem)]  # fmt: skip


MIXED: list[Row] = [("a", 2), ("b", 50), ("a", 1), ("b", None), ("a", 75), ("b", 49), ("a", 2)]
SORTED = ["#a", "0002", "0000", "0006", "0004", "#b", "0005", "0001", "0003", "#empty"]


@pytest.mark.parametrize("limit", [10**6, 7 * EACH, 6 * EACH, 4 * EACH, 3 * EACH])
def test_sorted_by_chat_and_time_however_little_fits(limit: int) -> None:
    file = File(MIXED)
    found = file.records(limit)
    assert shown(found) == SORTED
    assert sum(isinstance(record, ImportProblem) for record in found) == 1
    assert (file.passes > 1) == (limit < 7 * EACH)


def test_newest_first_keeps_the_order_of_one_moment() -> None:
    rows: list[Row] = [("a", 3), ("a", 2), ("a", 2), ("a", 1)]
    assert shown(File(rows, newest_first=True).records(10**6)) == [
        "#a", "0003", "0002", "0001", "0000", "#empty",
    ]  # fmt: skip


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("fits", [1, 2, 3, 7])
def test_a_flood_in_one_moment_is_sorted_too(newest_first: bool, fits: int) -> None:
    rows: list[Row] = [("a", 2), ("a", 1), ("a", 1), ("b", 0), ("a", 1), ("a", 0), ("a", 1)]
    found = shown(File(rows, newest_first=newest_first).records(fits * EACH))
    flood = ["0001", "0002", "0004", "0006"]
    flood = flood[::-1] if newest_first else flood
    assert found == ["#a", "0005", *flood, "0000", "#b", "0003", "#empty"]


def test_a_message_that_is_longer_than_what_fits_is_told() -> None:
    assert shown(File(MIXED).records(1)) == SORTED


def test_a_pipe_that_does_not_fit_comes_in_parts_and_says_so() -> None:
    file = File(MIXED, again=False)
    found = file.records(2 * EACH)
    assert file.passes == 1
    told = [record.what for record in found if isinstance(record, ImportProblem)]
    assert told[0] == "wrong" and "in parts" in told[1] and len(told) == 2
    texts = [text for text in shown(found) if not text.startswith("#")]
    assert sorted(texts) == [f"{number:04}" for number in range(7)]
    assert shown(File(MIXED, again=False).records(10**6)) == SORTED


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(-99, 99)), max_size=30),
    st.integers(1, 20),
    st.booleans(),
)
def test_nothing_is_lost_or_told_twice(rows: list[Row], fits: int, again: bool) -> None:
    found = File(rows, again).records(fits * EACH)
    chats: Counter[str] = Counter()
    now = ""
    for record in found:
        if isinstance(record, ImportedChat):
            now = record.id
        elif isinstance(record, ImportedMessage):
            chats[f"{now} {record.text}"] += 1
    assert chats == Counter(f"{chat} {n:04}" for n, (chat, _) in enumerate(rows))
    starts = [record.id for record in found if isinstance(record, ImportedChat)]
    assert not again or len(starts) == len(set(starts))


def test_what_is_held_does_not_grow_with_the_file() -> None:
    draw = random.Random(7)
    rows = [(draw.choice("abcdefgh"), draw.randrange(24 * 60)) for _ in range(4_000)]
    file = File(rows)
    limit = 400 * EACH
    expected = File(rows).records(10**9)
    assert shown(file.records(limit)) == shown(expected)
    # What is held is seven eighths of the limit at least.
    assert 10 <= file.passes <= 12


def test_a_message_takes_no_more_than_it_counts() -> None:
    def message(number: int) -> ImportedMessage:
        """With an id, a name and an id of its sender of its own, as a decoder makes them."""
        row = json.dumps([f"Nora Lindqvist {number}", f"{number:036}", f"1700000{number:06}"])
        sender, sender_id, known = json.loads(row)
        moment = START + timedelta(seconds=number)
        return ImportedMessage(sender, f"hello {number}", None, moment, known, sender_id, False)

    def pieces(_: object) -> Iterator[Piece]:
        yield from (("a", message(number)) for number in range(20_000))

    counted = sum(_size(message(number)) for number in range(20_000))
    source = Source("f", io.StringIO(), pieces, lambda chat: ImportedChat(chat, True))
    tracemalloc.start()
    try:
        records = by_chat(source)
        assert isinstance(next(records), ImportedChat)  # all are held now
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert counted < HELD / 2 and 0.8 * counted < peak < 1.05 * counted
