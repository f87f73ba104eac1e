"""Envelopes that signal-cli prints as JSON (`-o json receive`, `jsonRpc`, the daemon).

Fields: signal-cli's `Json*.java` and signal-cli-jsonrpc(5). An edit is a message of its
own, at its own time: what was said before was said. A deletion is one of medium "deleted".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from safelight.importers.by_chat import Piece
from safelight.importers.fields import Doubts, first_words, member, objects, words
from safelight.importers.media import kind_of_type
from safelight.importers.records import ImportedMessage, ImportProblem

_MAX_PEOPLE = 10_000
#: A long text also comes as an attachment of this type.
_LONG_TEXT = "text/x-signal-plain"


class Envelopes:
    """Reads envelopes one by one; learns which number, id and name are one person's."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._ids: dict[str, str] = {}  # number or uuid -> what stands for the person
        self._names: dict[str, str] = {}
        self.undecrypted = 0

    def knows(self, row: dict[str, Any]) -> bool:
        """Whether a line is one of signal-cli, an answer to a command included."""
        return "jsonrpc" in row or isinstance(_envelope(row), dict)

    def pieces(self, row: dict[str, Any], line: int) -> Iterator[Piece]:
        """The messages in one line: none for receipts, typing, reactions, answers to commands."""
        envelope = _envelope(row)
        if not isinstance(envelope, dict):
            return
        sender = self._person(envelope, "source")
        sent = member(envelope, "syncMessage", "sentMessage")
        body: Any
        if isinstance(sent, dict):
            edited = member(sent, "editMessage", "dataMessage")
            body = edited if isinstance(edited, dict) else sent
            chat = _group(body) or _group(sent) or self._person(sent, "destination")
            mine = True
        else:
            edited = member(envelope, "editMessage", "dataMessage")
            body = edited if isinstance(edited, dict) else envelope.get("dataMessage")
            chat, mine = _group(body) or sender, False
        if not isinstance(body, dict):
            body = {}
            if member(envelope, "callMessage", "offerMessage") is None:
                self.undecrypted += row.get("exception") is not None
                return
        yield from self._message(body, envelope, chat or "unknown", sender, mine, line)

    def end(self) -> Iterator[Piece]:
        """What is said once at the end of a file."""
        if self.undecrypted:
            what = f"{self.undecrypted} could not be decrypted when this file was written"
            yield ImportProblem(self._file, None, what)

    def named(self, message: ImportedMessage) -> ImportedMessage:
        """With the name that a person has anywhere in the file."""
        name = self._names.get(message.sender_id or "")
        return message if name is None or message.mine else replace(message, sender=name)

    def _message(
        self,
        body: dict[str, Any],
        envelope: dict[str, Any],
        chat: str,
        sender: str,
        mine: bool,
        line: int,
    ) -> Iterator[Piece]:
        media = "call" if "callMessage" in envelope and not body else _media(body)
        doubts = Doubts()
        text = doubts.cut(first_words(body.get("message"), member(body, "pollCreate", "question")))
        if not text and media is None:
            return  # a reaction, an update of a group, a changed timer
        stamp = body.get("timestamp", envelope.get("timestamp"))
        message = ImportedMessage(
            sender="me" if mine else sender or "unknown",
            text=text,
            media=media,
            sent_at=doubts.moment_ms(stamp),
            id=str(stamp) if isinstance(stamp, int) else None,
            sender_id=sender or None,
            mine=mine,
        )
        for what in doubts.found:
            yield ImportProblem(self._file, line, what)
        yield chat, message

    def _person(self, row: dict[str, Any], prefix: str) -> str:
        """What stands for a person: the first of uuid and number by which the file names them."""
        keys = (f"{prefix}Uuid", f"{prefix}Number", prefix)
        spelt = [text for text in (words(row.get(key)) for key in keys) if text]
        known = next((self._ids[each] for each in spelt if each in self._ids), "")
        person = known or (spelt[0] if spelt else "")
        if len(self._ids) < _MAX_PEOPLE:
            self._ids.update(dict.fromkeys(spelt, person))
            name = words(row.get(f"{prefix}Name"))
            if name:
                self._names[person] = name
        return person


def _envelope(row: dict[str, Any]) -> Any:
    paths = (("envelope",), ("params", "envelope"), ("params", "result", "envelope"))
    return next((found for path in paths if (found := member(row, *path)) is not None), None)


def _group(body: Any) -> str:
    return words(member(body, "groupInfo", "groupId"))


def _media(body: dict[str, Any]) -> str | None:
    if isinstance(body.get("remoteDelete"), dict):
        return "deleted"
    if isinstance(body.get("sticker"), dict):
        return "sticker"
    types = [words(each.get("contentType")) for each in objects(body.get("attachments"))]
    files = [kind_of_type(each) for each in types if each != _LONG_TEXT]
    if files:
        return files[0]
    return "contact" if objects(body.get("contacts")) else None
