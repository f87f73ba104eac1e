"""What one row of a Telegram export says: its medium and the words in it.

Keys: Telegram Desktop's `export_output_json.cpp`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from safelight.importers.fields import first_words, member, objects, poll

_MEDIA_TYPES = {
    "sticker": "sticker",
    "animation": "image",
    "video_file": "video",
    "video_message": "video",
    "audio_file": "file",
    "voice_message": "voice",
}
_MIME_MEDIA = {"image": "image", "video": "video"}
#: Keys that stand for a medium by themselves. What has to be paid for is a picture or a video.
_MEDIA_KEYS = {
    "photo": "image",
    "contact_information": "contact",
    "location_information": "location",
    "place_name": "location",
    "address": "location",
    "paid_stars_amount": "image",
}


class Said(NamedTuple):
    """The medium, or None, and the words, as long as they are."""

    media: str | None
    text: str = ""


def said(row: dict[str, Any]) -> Said | None:
    """What a row says; None for an event in which nobody says a word."""
    if row.get("type") == "service":
        return _of_event(row)
    parts = (
        _text(row.get("text")),
        _poll(row.get("poll"), "question"),
        _poll(row.get("todo_list"), "title"),
        *_card(row),
    )
    return Said(_media(row), "\n".join(filter(None, parts)))


def _of_event(row: dict[str, Any]) -> Said | None:
    if row.get("action") == "phone_call":
        return Said("call")
    # Words that somebody typed beside a gift, and those that were added to a list.
    tasks = objects(row.get("items")) if row.get("action") == "todo_append_tasks" else ()
    parts = (_text(row.get("gift_text")), *(_text(task.get("text")) for task in tasks))
    text = "\n".join(filter(None, parts))
    return Said(None, text) if text else None


def _text(text: Any) -> str:
    """A text is a string, or a list of strings and of entities that hold a string.

    The address behind the words of a link follows them.
    """
    if isinstance(text, str):
        return text
    found = ""
    hidden = False
    for part in text if isinstance(text, list) else ():
        words = part.get("text") if isinstance(part, dict) else part
        if not isinstance(words, str):
            continue
        found += f" {words}" if hidden and words and not words[0].isspace() else words
        link = part.get("href") if isinstance(part, dict) else None
        hidden = isinstance(link, str) and link not in words
        found += f" {link}" if hidden else ""
    return found


def _poll(found: Any, title: str) -> str:
    """title: the key of what stands above the answers."""
    answers = (_text(each.get("text")) for each in objects(member(found, "answers")))
    return poll(_text(member(found, title)), answers)


def _card(row: dict[str, Any]) -> Iterator[str]:
    """The words of a place, a game or a bill."""
    for key in ("place_name", "address", "game_title", "game_description"):
        yield first_words(row.get(key))
    bill = row.get("invoice_information")
    if isinstance(bill, str):
        with suppress(ValueError, RecursionError):
            bill = json.loads(bill)
    yield first_words(member(bill, "title"))
    yield first_words(member(bill, "description"))


def _media(row: dict[str, Any]) -> str | None:
    kind = row.get("media_type")
    if isinstance(kind, str) and kind in _MEDIA_TYPES:
        return _MEDIA_TYPES[kind]
    named = next((media for key, media in _MEDIA_KEYS.items() if key in row), None)
    if named is None and "file" in row:
        return _MIME_MEDIA.get(str(row.get("mime_type", "")).partition("/")[0], "file")
    return named
