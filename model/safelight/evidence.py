"""The evidence file: messages that a person chose from their own chat, so that a change shows.

Each message and each fact has a salted commitment, and a hash chain runs over all of them; its
last link is the digest that a person can note or read aloud. Redaction takes text and salt out
and leaves the commitment, so that the rest still verifies and what was taken out cannot be
guessed. The encoding is in docs/formats.md. Pictures are never opened, hashed or copied.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from safelight.evidence_parts import (
    FACTS,
    Fact,
    Said,
    fact_fault,
    iso,
    order_fault,
    said_fault,
)
from safelight.importers.records import well_formed

FORMAT = 1
#: Every hash starts with this and its own purpose, so that none can stand for another.
_DOMAIN = "safelight-evidence-1/"
SALT_BYTES = HASH_BYTES = 32

Content = TypeVar("Content", Fact, Said)


@dataclass(frozen=True)
class Row(Generic[Content]):
    """A fact or a message in its place. key: the name or the number, which redaction leaves.

    commitment, link: 32 bytes. salt, content: 32 bytes and what was committed to, or both None
    where it was redacted.
    """

    key: str | int
    commitment: bytes = field(repr=False)
    link: bytes = field(repr=False)
    salt: bytes | None = field(repr=False)
    content: Content | None


@dataclass(frozen=True)
class Evidence:
    """An evidence file as made or read; `evidence_verify.verify` says whether it holds.

    created: when it was made, as `iso` gives it, with a zone. source: what the messages were
    read from, or empty. header, digest: 32 bytes, the first and the last value of the chain.
    """

    created: str
    source: str
    header: bytes = field(repr=False)
    facts: tuple[Row[Fact], ...]
    messages: tuple[Row[Said], ...]
    digest: bytes = field(repr=False)


def make(
    messages: Sequence[Said],
    facts: Iterable[Fact],
    *,
    created: datetime,
    source: str = "",
    new_salt: Callable[[int], bytes] = secrets.token_bytes,
) -> Evidence:
    """Make an evidence file. Half surrogates become "?"; nothing else of a text is changed.

    messages: 1 to MAX_MESSAGES, in the order of the chat. facts: in any order, one "owner" among
    them, and a "peer" for everybody else who wrote a message. created: aware. new_salt: gives
    so many unpredictable bytes. ValueError, which quotes nothing, if anything does not fit.
    """
    if created.utcoffset() is None:
        raise ValueError("created must have a time zone")
    messages = [_clean(said) for said in messages]
    ordered = sorted(
        (Fact(fact.name, well_formed(fact.value)) for fact in facts),
        key=lambda fact: FACTS.index(fact.name) if fact.name in FACTS else len(FACTS),
    )
    _check(messages, ordered)
    made, source = iso(created), well_formed(source)
    previous = header = header_hash(made, source, len(ordered), len(messages))
    fact_rows, rows = [], []
    for fact in ordered:
        salt = new_salt(SALT_BYTES)
        commitment = commit_fact(salt, fact)
        previous = link_hash(previous, fact.name, commitment)
        fact_rows.append(Row(fact.name, commitment, previous, salt, fact))
    for said in messages:
        salt = new_salt(SALT_BYTES)
        commitment = commit_said(salt, said)
        previous = link_hash(previous, said.number, commitment)
        rows.append(Row(said.number, commitment, previous, salt, said))
    return Evidence(made, source, header, tuple(fact_rows), tuple(rows), previous)


def redact(
    evidence: Evidence, numbers: Collection[int] = (), names: Collection[str] = ()
) -> Evidence:
    """Take messages (by number) and facts (by name) out; what stays still verifies.

    A peer whose last shown message goes is taken out with it. ValueError for a number or name
    that is not there, and for an account that a message still shows.
    """
    if not set(numbers) <= {row.key for row in evidence.messages}:
        raise ValueError("there is no message with that number")
    if not set(names) <= {row.key for row in evidence.facts}:
        raise ValueError("there is no fact with that name")
    messages = tuple(_emptied(row) if row.key in numbers else row for row in evidence.messages)
    after = _senders(messages)
    gone = _senders(evidence.messages) - after
    facts = []
    for row in evidence.facts:
        fact = row.content
        named = row.key in names
        if named and row.key in ("owner", "peer") and fact is not None and fact.value in after:
            raise ValueError("a message that stays still shows that account")
        alone = fact is not None and fact.name == "peer" and fact.value in gone
        facts.append(_emptied(row) if named or alone else row)
    return replace(evidence, facts=tuple(facts), messages=messages)


def short_digest(digest: bytes) -> str:
    """The part to note or read aloud: 16 hexadecimal digits in groups of four."""
    return " ".join(digest[at : at + 2].hex() for at in range(0, 8, 2))


# What is hashed -------------------------------------------------------------------------------


def encode(*fields: bytes) -> bytes:
    """Join fields so that no other fields give the same bytes: 8 bytes of length before each."""
    return b"".join(len(each).to_bytes(8, "big") + each for each in fields)


def header_hash(created: str, source: str, facts: int, messages: int) -> bytes:
    """Where the chain starts. facts, messages: how many the file has, redacted ones included."""
    return _hash("header", _text(created), _text(source), _number(facts), _number(messages))


def commit_fact(salt: bytes, fact: Fact) -> bytes:
    """The commitment to a fact."""
    return _hash("fact", salt, _text(fact.name), _text(fact.value))


def commit_said(salt: bytes, said: Said) -> bytes:
    """The commitment to a message and everything that is shown of it."""
    noticed = said.noticed
    return _hash(
        "message",
        salt,
        _number(said.number),
        _text(said.sender),
        _text(said.sent_at),
        _text(said.media or ""),
        _text(said.file_name),
        _text(said.text),
        b"" if noticed is None else encode(_text(noticed.level), *map(_text, noticed.indicators)),
    )


def link_hash(previous: bytes, key: str | int, commitment: bytes) -> bytes:
    """The next value of the chain, after a fact (by its name) or a message (by its number)."""
    if isinstance(key, str):
        return _hash("fact-link", previous, _text(key), commitment)
    return _hash("message-link", previous, _number(key), commitment)


def _hash(purpose: str, *fields: bytes) -> bytes:
    return hashlib.sha256(encode(_text(_DOMAIN + purpose), *fields)).digest()


def _text(value: str) -> bytes:
    return value.encode("utf-8")


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")


# What is allowed ------------------------------------------------------------------------------


def _check(messages: Sequence[Said], facts: Sequence[Fact]) -> None:
    faults = [*map(fact_fault, facts), *map(said_fault, messages)]
    if not any(faults):
        faults = [order_fault([f.name for f in facts], [said.number for said in messages])]
    if not any(faults):
        handles = [fact.value for fact in facts if fact.name in ("owner", "peer")]
        if len(set(handles)) != len(handles):
            faults = ["two accounts have the same handle"]
        elif not {said.sender for said in messages} <= set(handles):
            faults = ["a message is by nobody of the accounts given"]
    for fault in filter(None, faults):
        raise ValueError(fault)


def _clean(said: Said) -> Said:
    return replace(
        said,
        sender=well_formed(said.sender),
        text=well_formed(said.text),
        file_name=well_formed(said.file_name),
    )


def _emptied(row: Row[Content]) -> Row[Content]:
    return replace(row, salt=None, content=None)


def _senders(rows: Iterable[Row[Said]]) -> set[str]:
    return {row.content.sender for row in rows if row.content is not None}
