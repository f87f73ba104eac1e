"""The XML of Android's "SMS Backup & Restore": SMS and MMS, one conversation an address.

Fields: https://www.synctech.com.au/sms-backup-restore/fields-in-xml-backup-files/
Pictures stand in the file as base64; they are dropped unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from safelight.importers.by_chat import Piece, Source, by_chat
from safelight.importers.fields import Doubts
from safelight.importers.media import kind_of_type
from safelight.importers.records import (
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    Records,
    TextStream,
)
from safelight.importers.xml_tags import Declared, Tag, tags

NAME = "sms"
TITLE = "SMS Backup & Restore"

_ROOT = re.compile(rb"<(?:smses|calls)[\s>/]")
_RECORDS = frozenset({"sms", "mms", "part", "addr"})
_PICTURE = "data"
_ROOTS = ("smses", "calls")

_NOTHING = ("", "null")
_NO_NAME = (*_NOTHING, "(Unknown)")
_NO_SUBJECT = (*_NOTHING, "NoSubject", "(no subject)")
#: Google Messages keeps what belongs to its protocol there, in base64.
_PROTOCOL = re.compile(r"proto:[A-Za-z0-9+/_=-]*")
_NO_ADDRESS = (*_NOTHING, "insert-address-token")
_PUNCTUATION = re.compile(r"[\s().\-/\u00a0]")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # of the direction of writing
_MAX_NAMES = 10_000
#: A number is known by so many of its last digits: before them stand 0, 00 or + and a country.
_DIGITS = 9

# `type` of an SMS and `msg_box` of an MMS: received, sent, draft, waiting, failed, queued.
_RECEIVED, _SENT, _DRAFT, _OTHER_SENT = "1", "2", "3", ("4", "5", "6")
_FROM, _OWN_TYPE = "137", "128"  # `type` of an addr; `m_type` of an MMS that was sent
_NOT_FETCHED, _REPORTS = "130", ("134", "135", "136")
_LAYOUT = "application/smil"
#: Dates of an MMS are seconds on some phones: as milliseconds they would lie before 1973.
_SECONDS_BELOW = 100_000_000_000


def sniff(head: bytes) -> str | None:
    if head.lstrip().startswith(b"<") and _ROOT.search(head):
        return "XML of smses"
    return None


def read(stream: TextStream, name: str) -> Records:
    """Yield one chat an address, in time order; a broken record costs itself alone."""
    reader = _Reader(name)
    source = Source(name, stream, reader.pieces, reader.chat, reader.named)
    return by_chat(source)


@dataclass
class _Mms:
    """An MMS whose parts are still coming."""

    tag: Tag
    texts: list[str] = field(default_factory=list)
    media: str | None = None
    sender: str | None = None
    others: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._names: dict[str, str] = {}  # key of an address -> name of the contact
        self._spelt: dict[str, str] = {}  # key of an address -> its longest spelling

    def chat(self, key: str) -> ImportedChat:
        """A chat by the addresses in it, each as the file spells it longest."""
        shown = "~".join(self._spelt.get(part, part) for part in key.split("~"))
        return ImportedChat(shown, owner_known=True)

    def named(self, message: ImportedMessage) -> ImportedMessage:
        """With the contact's name and address, known at the end of the file at the latest."""
        if message.sender_id is None:
            return message
        address = self._spelt.get(message.sender_id, message.sender_id)
        name = self._names.get(message.sender_id, address)
        return replace(message, sender=name, sender_id=address)

    def pieces(self, stream: TextStream) -> Iterator[Piece]:
        calls, ended, mms = 0, False, None
        try:
            for tag in tags(stream, _RECORDS, _PICTURE):
                if tag.name.removeprefix("/") in _ROOTS:
                    ended = (tag.empty or tag.name[0] == "/") and tag.attributes is not None
                elif tag.name == "call":
                    calls += 1
                elif tag.attributes is None:
                    yield ImportProblem(self._name, tag.line, "a record is not valid XML")
                elif tag.name == "sms":
                    yield from self._sms(tag, tag.attributes)
                elif tag.name in ("mms", "/mms"):
                    yield from self._mms(mms)
                    mms = _Mms(tag) if tag.name == "mms" else None
                elif mms is not None:
                    _add(mms, tag.name, tag.attributes)
        except Declared as error:
            what = "a document type or entities are declared, which no such backup does"
            yield ImportProblem(self._name, error.line, what, refused=1)
            ended = True
        yield from self._mms(mms)
        if calls:
            what = f"{calls} of the call log left out: calls are not read"
            yield ImportProblem(self._name, None, what)
        if not ended:
            what = "the file ends too early (was it cut short?)"
            yield ImportProblem(self._name, None, what, refused=1)

    def _sms(self, tag: Tag, row: dict[str, str]) -> Iterator[Piece]:
        kind = row.get("type", "")
        address = self._key(row.get("address", ""))
        self._learn(address, row.get("contact_name", ""))
        body = row.get("body", "")
        yield from self._message(
            tag, kind, address, address, row.get("date", ""), "" if body == "null" else body, None
        )

    def _mms(self, mms: _Mms | None) -> Iterator[Piece]:
        if mms is None or mms.tag.attributes is None:
            return
        row = mms.tag.attributes
        if row.get("m_type") in _REPORTS:
            return
        listed = [part for part in row.get("address", "").split("~") if part not in _NO_ADDRESS]
        people = sorted({self._key(part) for part in listed or mms.others})
        if len(people) == 1:
            self._learn(people[0], row.get("contact_name", ""))
        kind = row.get("msg_box", _SENT if row.get("m_type") == _OWN_TYPE else "")
        subject = row.get("sub", "")
        told = subject not in _NO_SUBJECT and not _PROTOCOL.fullmatch(subject)
        texts = [*([subject] if told else []), *mms.texts]
        media = "file" if row.get("m_type") == _NOT_FETCHED and not texts else mms.media
        alone = people[0] if len(people) == 1 else "unknown"
        sender = alone if mms.sender is None else self._key(mms.sender)
        chat = "~".join(people) or sender
        date = row.get("date", "")
        if date.isdecimal() and int(date[:20]) < _SECONDS_BELOW:
            date += "000"
        yield from self._message(mms.tag, kind, chat, sender, date, "\n".join(texts), media)

    def _message(
        self, tag: Tag, kind: str, chat: str, sender: str, date: str, text: str, media: str | None
    ) -> Iterator[Piece]:
        if kind == _DRAFT:
            return
        if kind not in (_RECEIVED, _SENT, *_OTHER_SENT):
            what = "neither sent nor received: whose message this is, is not known"
            yield ImportProblem(self._name, tag.line, what)
            return
        doubts = Doubts()
        mine = kind != _RECEIVED
        message = ImportedMessage(
            sender="me" if mine else sender,
            text=doubts.cut(text),
            media=media,
            sent_at=doubts.moment_ms("" if date == "null" else date),
            sender_id=None if mine else sender,
            mine=mine,
        )
        for what in doubts.found:
            yield ImportProblem(self._name, tag.line, what)
        yield chat, message

    def _key(self, address: str) -> str:
        """What stands for an address however it is spelt; the longest spelling is remembered."""
        spelling = _normal(address)
        digits = spelling.lstrip("+")
        if len(digits) < _DIGITS or not digits.isdecimal():
            return spelling
        key = digits[-_DIGITS:]
        known = self._spelt.get(key, "" if len(self._spelt) < _MAX_NAMES else spelling)
        if len(spelling) > len(known):
            self._spelt[key] = spelling
        return key

    def _learn(self, key: str, name: str) -> None:
        if name not in _NO_NAME and len(self._names) < _MAX_NAMES:
            self._names[key] = name


def _add(mms: _Mms, name: str, row: dict[str, str]) -> None:
    """A part or an address of an MMS."""
    if name == "addr":
        address = row.get("address", "")
        if address in _NO_ADDRESS:
            return
        if row.get("type") == _FROM:
            mms.sender = address
        mms.others.append(address)
        return
    content = row.get("ct", "").lower()
    text = row.get("text", "")
    if name != "part" or content.startswith(_LAYOUT):
        return
    if content.startswith("text/plain"):
        if text not in _NOTHING:
            mms.texts.append(text)
    elif mms.media is None:
        mms.media = kind_of_type(content)


def _normal(address: str) -> str:
    """One spelling of a phone number; names of senders stay as they are."""
    seen = _MARKS.sub("", address).strip()
    if seen in _NOTHING:
        return "unknown"
    bare = _PUNCTUATION.sub("", seen)
    return bare if bare.lstrip("+").isdecimal() else seen
