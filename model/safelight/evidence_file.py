"""The evidence file as bytes: JSON in ASCII, so that no editor or mail changes a character."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from safelight import reading
from safelight.evidence import FORMAT, HASH_BYTES, SALT_BYTES, Evidence, Row
from safelight.evidence_parts import (
    FACTS,
    MAX_FACTS,
    MAX_MESSAGES,
    Fact,
    Noticed,
    Said,
    fact_fault,
    is_iso,
    said_fault,
)
from safelight.importers.records import well_formed
from safelight.reading import BundleError
from safelight.taxonomy import INDICATORS

KIND = "safelight-evidence"
#: The largest file read, in bytes.
MAX_FILE = 64 * 1024 * 1024
_TOP = ("kind", "format", "created", "source", "digest", "header", "facts", "messages")
_KEPT = ("commitment", "link")
#: What redaction takes out of a fact and of a message.
_OF_FACT = ("value", "salt")
_OF_SAID = ("sender", "sent_at", "media", "file_name", "text", "noticed", "salt")
_WHERE = "evidence"


class EvidenceError(Exception):
    """A file cannot be read as evidence; one line that quotes nothing of it."""


def to_bytes(evidence: Evidence) -> bytes:
    """Write a file."""
    value = {
        "kind": KIND,
        "format": FORMAT,
        "created": evidence.created,
        "source": evidence.source,
        "digest": evidence.digest.hex(),
        "header": evidence.header.hex(),
        "facts": [_fact_fields(row) for row in evidence.facts],
        "messages": [_said_fields(row) for row in evidence.messages],
    }
    return json.dumps(value, indent=1).encode("ascii") + b"\n"


def parse(data: bytes) -> Evidence:
    """Read a file. EvidenceError unless it has exactly the form that `to_bytes` gives it.

    Whether it is as it was made is another question: `evidence_verify.verify` answers it.
    """
    if len(data) > MAX_FILE:
        raise EvidenceError(f"the file is larger than {MAX_FILE // 2**20} MiB")
    try:
        return _evidence(reading.parse_json(data, _WHERE))
    except BundleError as error:
        raise EvidenceError(str(error)) from None


def _fact_fields(row: Row[Fact]) -> dict[str, Any]:
    content = {} if row.content is None else {"value": row.content.value}
    return {"name": row.key, **content, **_sealed_fields(row)}


def _said_fields(row: Row[Said]) -> dict[str, Any]:
    said = row.content
    if said is None:
        return {"number": row.key, **_sealed_fields(row)}
    noticed = said.noticed
    return {
        "number": row.key,
        "sender": said.sender,
        "sent_at": said.sent_at,
        "media": said.media,
        "file_name": said.file_name,
        "text": said.text,
        "noticed": noticed and {"level": noticed.level, "indicators": list(noticed.indicators)},
        **_sealed_fields(row),
    }


def _sealed_fields(row: Row[Fact] | Row[Said]) -> dict[str, str]:
    salt = {} if row.salt is None else {"salt": row.salt.hex()}
    return {**salt, "commitment": row.commitment.hex(), "link": row.link.hex()}


def _evidence(raw: dict[str, Any]) -> Evidence:
    if raw.get("kind") != KIND:
        raise BundleError(f"{_WHERE}: not an evidence file of Safelight")
    reading.check_format(raw, FORMAT, _WHERE)
    raw = reading.exact_keys(raw, _TOP, _WHERE)
    facts = tuple(
        _fact_row(entry, f"fact {index}")
        for index, entry in enumerate(_entries(raw, "facts", MAX_FACTS), start=1)
    )
    messages = tuple(
        _said_row(entry, f"message at place {index}")
        for index, entry in enumerate(_entries(raw, "messages", MAX_MESSAGES), start=1)
    )
    created = _string(raw, "created", _WHERE)
    if not created or not is_iso(created):
        raise BundleError(f"{_WHERE}: created is not written as ISO 8601")
    return Evidence(
        created=created,
        source=_string(raw, "source", _WHERE),
        header=_hex(raw, "header", HASH_BYTES, _WHERE),
        facts=facts,
        messages=messages,
        digest=_hex(raw, "digest", HASH_BYTES, _WHERE),
    )


def _entries(raw: Mapping[str, Any], key: str, most: int) -> list[Any]:
    return reading.sequence(raw[key], f"{_WHERE}: {key}", least=1, most=most)


def _fact_row(value: Any, where: str) -> Row[Fact]:
    found, whole = _row_keys(value, "name", _OF_FACT, where)
    name = reading.one_of(found["name"], FACTS, f"{where}: name")
    fact = Fact(name, _string(found, "value", where)) if whole else None
    _none(None if fact is None else fact_fault(fact), where)
    return Row(name, *_kept(found, where), _salt(found, whole, where), fact)


def _said_row(value: Any, where: str) -> Row[Said]:
    found, whole = _row_keys(value, "number", _OF_SAID, where)
    number = reading.integer(found["number"], f"{where}: number", low=1, high=2**53 - 1)
    where = f"message {number}"
    said = _said(found, number, where) if whole else None
    _none(None if said is None else said_fault(said), where)
    return Row(number, *_kept(found, where), _salt(found, whole, where), said)


def _row_keys(
    value: Any, key: str, opened: tuple[str, ...], where: str
) -> tuple[dict[str, Any], bool]:
    """The fields of a row, and whether it is whole: redaction leaves the key and the hashes."""
    whole = bool(set(opened) & set(reading.mapping(value, where)))
    return reading.exact_keys(value, (key, *_KEPT, *(opened if whole else ())), where), whole


def _said(found: Mapping[str, Any], number: int, where: str) -> Said:
    media, noticed = found["media"], found["noticed"]
    return Said(
        number=number,
        sender=_string(found, "sender", where),
        text=_string(found, "text", where),
        sent_at=_string(found, "sent_at", where),
        media=None if media is None else _string(found, "media", where),
        file_name=_string(found, "file_name", where),
        noticed=None if noticed is None else _noticed(noticed, f"{where}: noticed"),
    )


def _noticed(value: Any, where: str) -> Noticed:
    found = reading.exact_keys(value, ("level", "indicators"), where)
    indicators = reading.sequence(found["indicators"], f"{where}: indicators", most=100)
    names = tuple(reading.one_of(name, INDICATORS, f"{where}: indicators") for name in indicators)
    return Noticed(_string(found, "level", where), names)


def _kept(found: Mapping[str, Any], where: str) -> tuple[bytes, bytes]:
    return _hex(found, "commitment", HASH_BYTES, where), _hex(found, "link", HASH_BYTES, where)


def _salt(found: Mapping[str, Any], whole: bool, where: str) -> bytes | None:
    return _hex(found, "salt", SALT_BYTES, where) if whole else None


def _hex(found: Mapping[str, Any], key: str, size: int, where: str) -> bytes:
    value = found[key]
    if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value):
        raise BundleError(f"{where}: {key} must have {2 * size} digits from 0 to f")
    return bytes.fromhex(value)


def _string(found: Mapping[str, Any], key: str, where: str) -> str:
    """A text that UTF-8 can hold: JSON can spell half a surrogate, and no such thing was made."""
    value = found[key]
    if not isinstance(value, str) or well_formed(value) != value:
        raise BundleError(f"{where}: {key} is not a text")
    return value


def _none(fault: str | None, where: str) -> None:
    if fault is not None:
        raise BundleError(f"{where}: {fault}")
