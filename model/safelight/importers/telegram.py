"""Telegram Desktop's `result.json`: one chat, or a whole account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from safelight.importers.fields import member, objects
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
    well_formed,
)

NAME = "telegram"
TITLE = "Telegram Desktop export"

_MARKS = re.compile(
    rb'"(?:personal_information|from_id|actor_id|date_unixtime)"\s*:'
    rb'|"(?:chats|left_chats)"\s*:\s*\{'
    # An account may begin with more contacts than a head holds.
    rb'|"(?:contacts|frequent_contacts)"\s*:\s*\{\s*"(?:about|list)"\s*:'
    rb'|"type"\s*:\s*"(?:\w+_chat|\w+_group|\w+_supergroup|\w+_channel|saved_messages)"'
)
_MEDIA_TYPES = {
    "sticker": "sticker",
    "animation": "image",
    "video_file": "video",
    "video_message": "video",
    "audio_file": "file",
    "voice_message": "voice",
}
_MIME_MEDIA = {"image": "image", "video": "video"}


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
            label = about.get("id") or about.get("name") or f"chat-{self._chats}"
            yield ImportedChat(well_formed(str(label)), owner_known=self._owner is not None)
            for _ in self._json.items():
                yield from self._message()
        elif key in ("id", "name"):
            about[key] = self._json.value()
        else:
            self._json.skip()

    def _message(self) -> Iterator[Record]:
        self._json.peek()
        line = self._json.line
        row = self._json.value()
        if not isinstance(row, dict):
            yield ImportProblem(self._name, line, "a message is not a JSON object")
            return
        if row.get("type") == "unsupported":
            return  # what this Telegram could not export: an id and nothing else
        service = row.get("type") == "service"
        if service and row.get("action") != "phone_call":
            return
        sender, sender_id = _sender(row, "actor" if service else "from")
        sent_at, known = _moment(row)
        if not known:
            yield ImportProblem(self._name, line, "the date of a message does not exist")
        text = "\n".join(filter(None, (_text(row.get("text")), _poll(row.get("poll")))))
        if len(text) > MAX_TEXT:
            yield ImportProblem(self._name, line, f"a message was cut at {MAX_TEXT:,} characters")
        yield ImportedMessage(
            sender=sender,
            text="" if service else well_formed(text[:MAX_TEXT]),
            media="call" if service else _media(row),
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


def _text(text: Any) -> str:
    """A text is a string, or a list of strings and of entities that hold a string."""
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        return ""
    parts = [part.get("text") if isinstance(part, dict) else part for part in text]
    return "".join(part for part in parts if isinstance(part, str))


def _poll(poll: Any) -> str:
    """The question and the numbered answers, as Element spells a poll."""
    answers = [_text(each.get("text")) for each in objects(member(poll, "answers"))]
    numbered = (f"{number}. {answer}" for number, answer in enumerate(answers, start=1))
    return "\n".join(filter(None, (_text(member(poll, "question")), *numbered)))


def _media(row: dict[str, Any]) -> str | None:
    kind = row.get("media_type")
    if isinstance(kind, str) and kind in _MEDIA_TYPES:
        return _MEDIA_TYPES[kind]
    if "photo" in row:
        return "image"
    if "contact_information" in row:
        return "contact"
    if "location_information" in row:
        return "location"
    if "file" in row:
        return _MIME_MEDIA.get(str(row.get("mime_type", "")).partition("/")[0], "file")
    return None


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
