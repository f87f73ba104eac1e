"""Chat exports of other apps: one file a format, each with NAME, TITLE, sniff and read.

`sniff(head)` says in a phrase why the first bytes look like the format, or None;
`read(stream, name)` yields records (see `records`). To add a format, add its file
and name it in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from safelight.importers import discord, jsonl, line, matrix, meta, signal, sms, telegram, whatsapp
from safelight.importers.parts import in_time_order
from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Record,
    Records,
    TextStream,
)
from safelight.importers.source import Opened
from safelight.importers.unread import why_unread


class Format(Protocol):
    """What every importer module offers."""

    NAME: str
    TITLE: str

    def sniff(self, head: bytes) -> str | None: ...

    def read(self, stream: TextStream, name: str) -> Records: ...


#: In the order in which they are asked: the surest marks first.
FORMATS: tuple[Format, ...] = (
    sms, signal, meta, matrix, discord, telegram, jsonl, line, whatsapp,
)  # fmt: skip

AUTO = "auto"

FORMAT_NAMES = tuple(each.NAME for each in FORMATS)


def read(opened: Opened, format_name: str = AUTO) -> Iterator[Record]:
    """Yield the records of a source; whatever is wrong with it comes as an `ImportProblem`.

    format_name: one of `FORMAT_NAMES`, or "auto" to recognise it from the first bytes.
    """
    if opened.parts:
        yield from in_time_order(opened.parts, lambda part: read(part, format_name))
        return
    if opened.refusal is not None:
        yield ImportProblem(opened.name, None, opened.refusal, refused=1)
        return
    chosen = recognise(opened.head) if format_name == AUTO else _named(format_name)
    if chosen is None:
        what = why_unread(opened.head) or (
            "neither JSON lines nor an export of WhatsApp, Telegram, Signal, Instagram, "
            "Messenger, LINE, Discord, Element or SMS Backup & Restore"
        )
        yield ImportProblem(opened.name, None, what, refused=1)
        return
    yield from chosen.read(opened.stream, opened.name)


def recognise(head: bytes) -> Format | None:
    """The format whose marks the first bytes (UTF-8) carry, or None."""
    return next((each for each in FORMATS if each.sniff(head) is not None), None)


def found(opened: Opened) -> str | None:
    """What a source was recognised as and by which marks, in one phrase; None if as nothing."""
    chosen = recognise(opened.head)
    return None if chosen is None else f"{chosen.TITLE} ({chosen.sniff(opened.head)})"


def _named(name: str) -> Format:
    return next(each for each in FORMATS if name == each.NAME)


__all__ = [
    "AUTO",
    "FORMATS",
    "FORMAT_NAMES",
    "Format",
    "ImportProblem",
    "ImportedChat",
    "ImportedMessage",
    "Record",
    "found",
    "read",
    "recognise",
]
