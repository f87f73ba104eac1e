"""The chats that Signal itself exports (`main.jsonl`): its backup, one frame a line, as JSON.

Fields: Signal's `Backups.proto` and libsignal's tests of its exporter. Ids and times are texts
of digits. People and chats stand before the messages that name them. An edit is a message of its
own, at its own time: the earlier ones are its `revisions`, from the oldest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from safelight.importers.by_chat import Piece
from safelight.importers.fields import Doubts, first_words, member, objects, poll, words
from safelight.importers.media import kind_of_type
from safelight.importers.records import MAX_TEXT, ImportedMessage, ImportProblem

_MAX_PEOPLE = 10_000
_FRAMES = (
    "account", "recipient", "chat", "chatItem", "stickerPack", "adHocCall", "notificationProfile",
    "chatFolder",
)  # fmt: skip
_DELETED = ("remoteDeletedMessage", "adminDeletedMessage")
_CALLS = ("individualCall", "groupCall")
#: How a person is called, in Signal's order: by the owner, by the phone's contacts, by themselves.
_NAMES = (
    (("nickname", "given"), ("nickname", "family")),
    (("systemGivenName",), ("systemFamilyName",)),
    (("profileGivenName",), ("profileFamilyName",)),
)


class _Said(NamedTuple):
    media: str | None
    text: str = ""
    file_name: str | None = None


class Frames:
    """Reads frames one by one; learns who is who and what the chats are called."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._own = ""
        self._names: dict[str, str] = {}  # id of a person or a group -> name
        self._labels: dict[str, str] = {}  # id of a chat -> what it is called
        self._taken: set[str] = set()

    def knows(self, row: dict[str, Any]) -> bool:
        """Whether an object is a frame, or the line before the first of them."""
        return "backupTimeMs" in row or any(isinstance(row.get(kind), dict) for kind in _FRAMES)

    def label(self, chat: str) -> str:
        """What a chat is called: by its person or group, and by its id too where two agree."""
        return self._labels.get(chat, chat)

    def named(self, message: ImportedMessage) -> ImportedMessage:
        """With the name that a person has anywhere in the file."""
        name = self._names.get(message.sender_id or "")
        return replace(message, sender=name) if name and not message.mine else message

    def pieces(self, row: dict[str, Any], line: int) -> Iterator[Piece]:
        """The messages in one frame: none for people and events, several where one was edited."""
        recipient, chat, item = (row.get(kind) for kind in ("recipient", "chat", "chatItem"))
        if isinstance(recipient, dict) and len(self._names) < _MAX_PEOPLE:
            person = _id(recipient.get("id"))
            self._names[person] = _name(recipient)
            self._own = person if isinstance(recipient.get("self"), dict) else self._own
        if isinstance(chat, dict):
            self._open(_id(chat.get("id")), self._names.get(_id(chat.get("recipientId")), ""))
        if isinstance(item, dict):
            yield from self._item(item, line)

    def _open(self, chat: str, name: str) -> None:
        if name and chat not in self._labels and len(self._labels) < _MAX_PEOPLE:
            self._labels[chat] = f"{name} ({chat})" if name in self._taken else name
            self._taken.add(name)

    def _item(self, item: dict[str, Any], line: int) -> Iterator[Piece]:
        chat = _id(item.get("chatId")) or "unknown"
        author, mine = self._author(item)
        doubts = Doubts()
        said = [(each, _said(each)) for each in (*objects(item.get("revisions")), item)]
        if any(isinstance(member(each, "standardMessage", "longText"), dict) for each, _ in said):
            doubts.found.append("a message was cut: its rest stands in a file beside the export")
        messages = [
            ImportedMessage(
                sender="me" if mine else author or "unknown",
                text=doubts.cut(what.text),
                media=what.media,
                sent_at=doubts.moment_ms(each.get("dateSent")),
                id=_id(each.get("dateSent")) or None,
                sender_id=None if mine else author or None,
                mine=mine,
                file_name=what.file_name,
            )
            for each, what in said
            if what is not None
        ]
        for doubt in doubts.found:
            yield ImportProblem(self._file, line, doubt)
        yield from ((chat, message) for message in messages)
        if not messages:
            yield chat, None

    def _author(self, item: dict[str, Any]) -> tuple[str, bool]:
        """Who wrote or called, and whether that is the owner."""
        author = _id(item.get("authorId"))
        one, group = (member(item, "updateMessage", call) for call in _CALLS)
        if isinstance(one, dict):
            return author, one.get("direction") == "OUTGOING"
        if isinstance(group, dict):
            author = _id(group.get("startedCallRecipientId")) or author
        elif "incoming" in item or "outgoing" in item:
            return author, "outgoing" in item
        return author, bool(author) and author == self._own


def _said(item: dict[str, Any]) -> _Said | None:
    """What an item stands for; None for an event."""
    if any(isinstance(item.get(kind), dict) for kind in _DELETED):
        return _Said("deleted")
    if any(isinstance(member(item, "updateMessage", call), dict) for call in _CALLS):
        return _Said("call")
    for kind, media in (("stickerMessage", "sticker"), ("contactMessage", "contact")):
        if isinstance(item.get(kind), dict):
            return _Said(media)
    if isinstance(item.get("viewOnceMessage"), dict):
        # The exporter leaves the picture or video itself out.
        once = member(item, "viewOnceMessage", "attachment")
        return _Said(_file(once).media if isinstance(once, dict) else "image")
    files = objects(member(item, "standardMessage", "attachments"))
    found = _file(files[0]) if files else _Said(None)
    text = first_words(
        member(item, "standardMessage", "text", "body"),
        member(item, "directStoryReplyMessage", "textReply", "text", "body"),
        member(item, "directStoryReplyMessage", "emoji"),
        member(item, "paymentNotification", "note"),
        _poll(item.get("poll")),
    )
    return found._replace(text=text) if text or found.media else None


def _file(attachment: dict[str, Any]) -> _Said:
    pointer = attachment.get("pointer")
    voice = attachment.get("flag") == "VOICE_MESSAGE"
    kind = "voice" if voice else kind_of_type(words(member(pointer, "contentType")))
    return _Said(kind, file_name=words(member(pointer, "fileName"))[:MAX_TEXT] or None)


def _poll(found: Any) -> str:
    answers = (words(each.get("option")) for each in objects(member(found, "options")))
    return poll(words(member(found, "question")), answers)


def _name(recipient: dict[str, Any]) -> str:
    contact = recipient.get("contact")
    full = (" ".join(filter(None, (words(member(contact, *path)) for path in paths)))
            for paths in _NAMES)  # fmt: skip
    number = _id(member(contact, "e164")).lstrip("+")
    return first_words(
        *full,
        member(recipient, "group", "snapshot", "title", "title"),
        f"+{number}" if number else "",
        member(contact, "username"),
        "Signal" if "releaseNotes" in recipient else "",
    )


def _id(value: Any) -> str:
    """An id or a time as a text; "" if it is neither a text nor a whole number."""
    return str(value) if type(value) is int else words(value)
