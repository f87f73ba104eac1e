"""Exports of chats for the tests of importers: fixtures, small ones in memory, endless pipes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from safelight.importers import ImportedChat, ImportedMessage, ImportProblem, Record, read
from safelight.importers.source import open_binary, open_path

EXPORTS = Path(__file__).parents[1] / "fixtures" / "exports"


def records(name: str) -> list[Record]:
    """What a fixture holds."""
    opened = open_path(str(EXPORTS / name))
    found = list(read(opened))
    opened.close()
    return found


def parse(data: bytes | str, format_name: str = "auto", name: str = "x") -> list[Record]:
    """What an export in memory holds."""
    content = data.encode() if isinstance(data, str) else data
    return list(read(open_binary(io.BytesIO(content), name), format_name))


def messages(found: list[Record]) -> list[ImportedMessage]:
    return [record for record in found if isinstance(record, ImportedMessage)]


def problems(found: list[Record]) -> list[ImportProblem]:
    return [record for record in found if isinstance(record, ImportProblem)]


def chats(found: list[Record]) -> list[ImportedChat]:
    return [record for record in found if isinstance(record, ImportedChat)]


class Endless(io.RawIOBase):
    """A pipe of a head, about `size` bytes of rows, and a tail; exists only while it is read."""

    def __init__(self, head: bytes, row: bytes, tail: bytes, size: int) -> None:
        super().__init__()
        self._parts = self._chunks(head, row, tail, size)
        self._left = b""

    @staticmethod
    def _chunks(head: bytes, row: bytes, tail: bytes, size: int) -> Iterator[bytes]:
        if head:
            yield head
        block = row * max(1, 65_536 // len(row))
        for _ in range(size // len(block)):
            yield block
        yield tail

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self._left = self._left or next(self._parts, b"")
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size
