"""From a decrypted Matrix event to a Safelight message. Pure: no network, no nio.

Fields are those of the Matrix client-server specification 1.13: `m.room.message` and its
`msgtype`s, `m.relates_to`, and MSC3245 for voice messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from safelight import Message
from safelight.importers.records import MAX_TEXT, well_formed
from safelight.types import SELF

ENCRYPTED = "m.room.encrypted"
_MESSAGE = "m.room.message"
#: Whole events that are media, with no words of the sender's own.
_WORDLESS = {"m.sticker": "sticker", "m.call.invite": "call"}
_MEDIA = {
    "m.image": "image",
    "m.video": "video",
    "m.audio": "file",
    "m.file": "file",
    "m.location": "location",
}
_VOICE = ("org.matrix.msc3245.voice", "m.voice")


@dataclass(frozen=True)
class Arrived:
    """One event of a room, decrypted where that was possible.

    old: it is history, to be replayed. Its repr holds nothing of the chat.
    """

    room: str
    event: Mapping[str, Any] = field(repr=False)
    old: bool


def to_message(event: Mapping[str, Any], me: str) -> Message | None:
    """Return the message that an event is, or None: a reaction, a name, an unread ciphertext.

    me: the user id of the person using this device. Every other sender is a peer by user id,
    since display names can be copied. An edit is a message of its own with the new words; a
    deletion changes nothing, and of a message that was deleted before it was read only the fact
    is left. Never raises on what a server or a sender made up.
    """
    kind, sender = event.get("type"), event.get("sender")
    # A server that calls somebody "self" must not put words into this person's mouth.
    if not isinstance(kind, str) or not isinstance(sender, str) or not sender.startswith("@"):
        return None
    content = _mapping(event.get("content"))
    found: tuple[str, str | None] | None
    if "redacted_because" in _mapping(event.get("unsigned")):
        found = ("", "deleted") if kind in (_MESSAGE, ENCRYPTED, *_WORDLESS) else None
    elif kind == _MESSAGE:
        found = _spoken(content)
    else:
        found = ("", _WORDLESS[kind]) if kind in _WORDLESS else None
    if found is None:
        return None
    text, media = found
    name, event_id = SELF if sender == me else well_formed(sender), event.get("event_id")
    return Message(
        sender=name,
        text=well_formed(text[:MAX_TEXT]),
        media=media,
        sent_at=_moment(event.get("origin_server_ts")),
        id=event_id if isinstance(event_id, str) and event_id else None,
    )


def _spoken(content: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """The words and the medium of an `m.room.message`; of an edit, the new ones."""
    relation = _mapping(content.get("m.relates_to"))
    if relation.get("rel_type") == "m.replace" and isinstance(content.get("m.new_content"), dict):
        content = content["m.new_content"]
    kind, body = content.get("msgtype"), content.get("body")
    if not isinstance(kind, str) or kind == "m.key.verification.request":
        return None
    if kind in _MEDIA:
        voice = kind == "m.audio" and any(key in content for key in _VOICE)
        return _caption(content), "voice" if voice else _MEDIA[kind]
    # A client shows the body of a kind that it does not know, so it is read.
    if not isinstance(body, str):
        return None
    return (_without_quote(body) if "m.in_reply_to" in relation else body), None


def _caption(content: Mapping[str, Any]) -> str:
    """The sender's words under a picture: the body, unless it only repeats the file's name."""
    body, name = content.get("body"), content.get("filename")
    return body if isinstance(body, str) and isinstance(name, str) and body != name else ""


def _without_quote(body: str) -> str:
    """A reply without the lines it repeats: they are somebody else's words."""
    lines = body.split("\n")
    start = next((i for i, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    if start and start < len(lines) and not lines[start]:
        start += 1
    return "\n".join(lines[start:])


def _moment(value: Any) -> datetime | None:
    """Milliseconds since 1970, or None where that is no date."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
