"""One chat in several files: one after the other, the earliest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from safelight.importers.records import ImportedChat, ImportedMessage, Records
from safelight.importers.source import Opened

_LAST = datetime.max.replace(tzinfo=timezone.utc)


def in_time_order(parts: tuple[Opened, ...], read: Callable[[Opened], Records]) -> Records:
    """Yield the records of parts that can each be read twice; a chat is announced once."""
    chat: ImportedChat | None = None
    for part in sorted(parts, key=lambda part: _start(part, read)):
        part.rewind()
        for record in read(part):
            if isinstance(record, ImportedChat):
                if chat is not None and record.id == chat.id:
                    continue
                chat = record
            yield record


def _start(part: Opened, read: Callable[[Opened], Records]) -> datetime:
    """The time of the first message that has one; a part without any comes last."""
    for record in read(part):
        if isinstance(record, ImportedMessage) and record.sent_at is not None:
            return record.sent_at
    return _LAST
