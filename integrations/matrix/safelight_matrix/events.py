"""From a decrypted Matrix event to a Safelight message. Pure: no network, no nio.

Fields are those of the Matrix client-server specification 1.13: `m.room.message` and its
`msgtype`s, `m.relates_to`, `formatted_body`, and MSC3245 for voice messages. Where clients can
show different words of one message, all are read: whoever wrote it knows which client is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from safelight import Message
from safelight.importers.records import clipped, well_formed
from safelight.types import SELF
from safelight_matrix import drawn

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
#: The first line of what an older client repeats; a line that a person typed names nobody's id.
_QUOTE = re.compile(r"> (?:\* )?<@[^\s<>:]+:[^\s<>]+>")
_FILE_NAME = re.compile(r"\S+\.\w{1,8}")


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
    if kind == _MESSAGE:
        found = _spoken(content)
    else:
        found = ("", _WORDLESS[kind]) if kind in _WORDLESS else None
    # A server leaves no word of what was deleted: words that are there are shown, and read.
    if "redacted_because" in _mapping(event.get("unsigned")) and not (found and found[0]):
        found = ("", "deleted") if kind in (_MESSAGE, ENCRYPTED, *_WORDLESS) else None
    if found is None:
        return None
    text, media = found
    name, event_id = SELF if sender == me else well_formed(sender), event.get("event_id")
    return Message(
        sender=name,
        text=well_formed(clipped(text)),
        media=media,
        sent_at=_moment(event.get("origin_server_ts")),
        id=event_id if isinstance(event_id, str) and event_id else None,
    )


def _spoken(content: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """The words and the medium of an `m.room.message`; of an edit, the new ones first."""
    relation, new = _mapping(content.get("m.relates_to")), _mapping(content.get("m.new_content"))
    edit = relation.get("rel_type") == "m.replace" and isinstance(new.get("msgtype"), str)
    newest = new if edit else content
    kind = newest.get("msgtype")
    if not isinstance(kind, str) or kind == "m.key.verification.request":
        return None
    text = _words(newest, reply=_is_reply(relation) and not edit)
    if edit:  # a client that takes it for no edit shows what stands around
        text = _joined(text, _words(content, reply=True))
    if kind in _MEDIA:
        voice = kind == "m.audio" and any(key in newest for key in _VOICE)
        return text, "voice" if voice else _MEDIA[kind]
    # A client shows the body of a kind that it does not know, so it is read.
    return (text, None) if text or isinstance(newest.get("body"), str) else None


def _words(content: Mapping[str, Any], *, reply: bool) -> str:
    """All words that a client may show. reply: without those repeated of another message."""
    body, kind = _string(content.get("body")), content.get("msgtype")
    formatted = drawn.words(_string(content.get("formatted_body")), reply=reply)
    if reply:
        body = _without_quote(body)
    plain = _caption(body, content) if isinstance(kind, str) and kind in _MEDIA else body
    return plain if drawn.same(body, formatted) else _joined(plain, formatted)


def _caption(body: str, content: Mapping[str, Any]) -> str:
    """The sender's words under a picture: the body, unless it is only the file's name."""
    kind, name = content["msgtype"], content.get("filename")
    if kind == "m.location":
        return body
    if not isinstance(name, str):
        name, body = body, ""
    elif drawn.same(name, body):
        body = ""
    # Clients draw the name of such a file, which need not look like one.
    written = kind == "m.file" and not _FILE_NAME.fullmatch(name)
    return _joined(name, body) if written else body


def _joined(first: str, second: str) -> str:
    """Both, the second only if its words are others."""
    return "\n".join(filter(None, (first, "" if drawn.same(first, second) else second)))


def _is_reply(relation: Mapping[str, Any]) -> bool:
    """True where a quote may stand in front; in a thread the reply may be a mere stopgap."""
    stopgap = relation.get("rel_type") == "m.thread" and relation.get("is_falling_back") is True
    return "m.in_reply_to" in relation and not stopgap


def _without_quote(body: str) -> str:
    """A reply without the lines it repeats: they are somebody else's words."""
    if not _QUOTE.match(body):
        return body
    lines = body.split("\n")
    start = next((i for i, line in enumerate(lines) if not line.startswith("> ")), len(lines))
    if start < len(lines) and not lines[start]:
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


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
