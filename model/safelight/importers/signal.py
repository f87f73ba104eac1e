"""Signal as JSON: what it exports itself, what signal-cli receives, what tools take from Desktop.

One JSON object a line (a line that cannot be read costs itself alone), or one array of
rows. Four shapes: frames of Signal's own export (`signal_export`), envelopes of signal-cli
(`signal_cli`), lines of signal-export's data.json and rows of Desktop's message table
(`signal_desktop`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO, cast

from safelight.importers.by_chat import Piece, Source, by_chat
from safelight.importers.fields import key_paths
from safelight.importers.json_rows import Row, array
from safelight.importers.jsonl import Refused, parse_object
from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Records,
    TextStream,
)
from safelight.importers.signal_cli import Envelopes
from safelight.importers.signal_desktop import Desktop
from safelight.importers.signal_export import Frames
from safelight.importers.source import capped_lines

NAME = "signal"
TITLE = "Signal messages"

#: The longest line read, in characters; rows of Desktop carry small previews of pictures.
MAX_LINE = 4 * 1024 * 1024

_ENVELOPES = ("envelope", "params.envelope", "params.result.envelope", "jsonrpc")
_BACKUP = {"version", "backupTimeMs"}
_EXPORTED = {"date", "sender", "body", "attachments"}
_ROW = {"conversationId", "type"}
_TIMES = {"sent_at", "received_at", "body"}


def sniff(head: bytes) -> str | None:
    found = {path.removeprefix("[].") for path in key_paths(head)}
    cli = next((path for path in _ENVELOPES if path in found), None)
    if cli is not None:
        return f"{cli} of signal-cli"
    if found >= _BACKUP:
        return "version, backupTimeMs of Signal's own export"
    if found >= _EXPORTED:
        return "date, sender, body, attachments of signal-export"
    if found >= _ROW and found & _TIMES:
        return "conversationId, type, body of Signal Desktop"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield the chats in a file, each in time order; the owner's messages are known by the file."""
    reader = _Reader(name)
    return by_chat(Source(name, stream, reader.pieces, reader.chat, reader.named))


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._envelopes = Envelopes(name)
        self._desktop = Desktop(name)
        self._frames = Frames(name)

    def chat(self, key: str) -> ImportedChat:
        """A chat, by the name that the file gives it or its id."""
        return ImportedChat(self._frames.label(key), owner_known=True)

    def named(self, message: ImportedMessage) -> ImportedMessage:
        """With the name that a person has anywhere in the file."""
        return self._frames.named(self._envelopes.named(message))

    def pieces(self, stream: TextStream) -> Iterator[Piece]:
        self._envelopes.undecrypted = 0
        count = 0
        for found in _rows(stream, self._name):
            if isinstance(found, ImportProblem):
                yield found
                continue
            line, row = found
            if row is None:
                continue
            count += 1
            if self._desktop.knows(row):
                yield from self._desktop.pieces(row, line)
            elif self._envelopes.knows(row):
                yield from self._envelopes.pieces(row, line)
            elif self._frames.knows(row):
                yield from self._frames.pieces(row, line)
            else:
                yield ImportProblem(self._name, line, "neither an envelope nor a message of Signal")
        if not count:
            yield ImportProblem(self._name, None, "no message of Signal in this file", refused=1)
        yield from self._envelopes.end()


def _rows(stream: TextStream, name: str) -> Iterator[Row]:
    """The objects in a stream with their lines."""
    before, start = 0, stream.read(1)
    while start and start.isspace():
        before += start == "\n"
        start = stream.read(1)
    rest = cast(TextIO, _Ahead(start, stream))
    return array(rest, name, before) if start == "[" else _lines(rest, name, before)


def _lines(stream: TextIO, name: str, before: int) -> Iterator[Row]:
    for number, line, cut in capped_lines(stream, MAX_LINE):
        if not line.strip():
            continue
        try:
            if cut:
                raise Refused(f"the line is longer than {MAX_LINE:,} characters")
            yield number + before, parse_object(line)
        except Refused as error:
            yield ImportProblem(name, number + before, str(error))


class _Ahead:
    """A stream of which one character was read already."""

    def __init__(self, start: str, stream: TextStream) -> None:
        self._start = start
        self._stream = stream

    def read(self, size: int = -1) -> str:
        start, self._start = self._start, ""
        return start or self._stream.read(size)

    def readline(self, limit: int = -1) -> str:
        start, self._start = self._start, ""
        return start + self._stream.readline(limit - len(start))
