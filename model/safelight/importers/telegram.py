"""Telegram Desktop's `result.json`: one chat, or a whole account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from safelight.importers.fields import words
from safelight.importers.json_stream import JsonStream, JsonStreamError
from safelight.importers.records import (
    CLOCK_ZONE,
    MAX_TEXT,
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Record,
    Records,
    TextStream,
    clipped,
    well_formed,
)
from safelight.importers.telegram_words import said

NAME = "telegram"
TITLE = "Telegram Desktop export"

_MARKS = re.compile(
    rb'"(?:personal_information|from_id|actor_id|date_unixtime)"\s*:'
    rb'|"(?:chats|left_chats)"\s*:\s*\{'
    # An account may begin with more contacts than a head holds.
    rb'|"(?:contacts|frequent_contacts)"\s*:\s*\{\s*"(?:about|list)"\s*:'
    rb'|"type"\s*:\s*"(?:\w+_chat|\w+_group|\w+_supergroup|\w+_channel|saved_messages)"'
)

#: What Telegram calls the chat with oneself, which has no name in the file.
_SAVED = "Saved messages"


def sniff(head: bytes) -> str | None:
    if head.lstrip().startswith(b"{") and _MARKS.search(head):
        return "the keys are those of a Telegram Desktop export"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield chats and messages as they stream by; a document that breaks off ends the reading."""
    return _Reader(JsonStream(stream), name).document()


class _Reader:
    def __init__(self, json: JsonStream, name: str) -> None:
        self._json = json
        self._name = name
        self._owner: str | None = None
        self._chats = 0

    def document(self) -> Iterator[Record]:
        try:
            if self._json.peek() != "{":
                yield self._problem("not a Telegram export: no JSON object")
                return
            yield from self._account_or_chat()
            if self._json.peek():
                yield self._problem("something follows the end of the export")
            elif not self._chats:
                yield self._problem("no list of messages in this export")
        except JsonStreamError as error:
            yield ImportProblem(self._name, error.line, error.what, refused=1)

    def _account_or_chat(self) -> Iterator[Record]:
        about: dict[str, Any] = {}
        for key in self._json.members():
            if key == "personal_information" and self._json.peek() == "{":
                self._owner = _owner(self._json.value())
            elif key in ("chats", "left_chats") and self._json.peek() == "{":
                yield from self._chat_list()
            else:
                yield from self._chat_member(key, about)

    def _chat_list(self) -> Iterator[Record]:
        for key in self._json.members():
            if key != "list" or self._json.peek() != "[":
                self._json.skip()
                continue
            for _ in self._json.items():
                yield from self._chat()

    def _chat(self) -> Iterator[Record]:
        if self._json.peek() != "{":
            yield self._problem("a chat is not a JSON object", refused=1)
            self._json.skip()
            return
        about: dict[str, Any] = {}
        for key in self._json.members():
            yield from self._chat_member(key, about)

    def _chat_member(self, key: str, about: dict[str, Any]) -> Iterator[Record]:
        if key == "messages" and self._json.peek() == "[":
            self._chats += 1
            saved = _SAVED if about.get("type") == "saved_messages" else ""
            title = words(about.get("name")) or saved
            label = str(about.get("id") or title or f"chat-{self._chats}")
            known = self._owner is not None
            yield ImportedChat(well_formed(label), owner_known=known, title=title)
            for _ in self._json.items():
                yield from self._message()
        elif key in ("id", "name", "type"):
            about[key] = self._json.value()
        else:
            self._json.skip()

    def _message(self) -> Iterator[Record]:
        self._json.peek()
        line = self._json.line
        try:
            row = self._json.value()
        except JsonStreamError as error:
            # Telegram 4.1 wrote custom emoji without quotes: such a message costs itself alone.
            if not self._json.pass_broken(error):
                raise
            yield ImportProblem(self._name, error.line, f"a message is lost: {error.what}")
            return
        if not isinstance(row, dict):
            yield ImportProblem(self._name, line, "a message is not a JSON object")
        elif row.get("type") != "unsupported":  # which this Telegram could not export: an id alone
            yield from self._row(row, line)

    def _row(self, row: dict[str, Any], line: int) -> Iterator[Record]:
        what = said(row)
        if what is None:
            return
        sender, sender_id = _sender(row, "actor" if row.get("type") == "service" else "from")
        sent_at, known = _moment(row)
        if not known:
            yield ImportProblem(self._name, line, "the date of a message does not exist")
        if len(what.text) > MAX_TEXT:
            yield ImportProblem(self._name, line, f"a message was cut at {MAX_TEXT:,} characters")
        yield ImportedMessage(
            sender=sender,
            text=well_formed(clipped(what.text)),
            media=what.media,
            sent_at=sent_at,
            id=None if row.get("id") is None else str(row["id"]),
            sender_id=sender_id,
            mine=None if self._owner is None else sender_id == self._owner,
            file_name=_file_name(row),
        )

    def _problem(self, what: str, refused: int = 0) -> ImportProblem:
        return ImportProblem(self._name, self._json.line, what, refused)


def _owner(information: Any) -> str | None:
    user = information.get("user_id") if isinstance(information, dict) else None
    return f"user{user}" if isinstance(user, int | str) else None


def _sender(row: dict[str, Any], key: str) -> tuple[str, str | None]:
    """The name shown and the id. A deleted account has an id and no name."""
    name, sender_id = row.get(key), row.get(f"{key}_id")
    # Exports before 2021 carry a bare number instead of "user123".
    known = None if sender_id is None else str(sender_id)
    if known is not None and known.isdecimal():
        known = f"user{known}"
    return well_formed(str(name or known or "unknown")), known


def _file_name(row: dict[str, Any]) -> str | None:
    """The name without its folder; in brackets stands why a file is not there."""
    for key in ("file_name", "photo", "file"):
        path = row.get(key)
        if isinstance(path, str) and path and not path.startswith("("):
            return well_formed(path.rpartition("/")[2][:MAX_TEXT]) or None
    return None


def _moment(row: dict[str, Any]) -> tuple[datetime | None, bool]:
    """The time of a message, and False where one is given that does not exist."""
    seconds, date = row.get("date_unixtime"), row.get("date")
    try:
        if seconds is not None:
            return datetime.fromtimestamp(int(seconds), timezone.utc), True
        if date is not None:
            moment = datetime.fromisoformat(str(date))
            return moment if moment.tzinfo else moment.replace(tzinfo=CLOCK_ZONE), True
    except (ValueError, OverflowError, OSError, TypeError):
        return None, False
    return None, True
