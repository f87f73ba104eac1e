"""Evidence files with fixed salts and times: made, redacted, locked, changed and refused."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import reduce
from typing import Any

from safelight.evidence import Evidence, make, redact, short_digest
from safelight.evidence_file import EvidenceError, parse, to_bytes
from safelight.evidence_lock import lock, unlock
from safelight.evidence_parts import Fact, Noticed, Said
from safelight.evidence_verify import verify

Case = dict[str, Any]
CREATED = "2026-01-31T18:02:11+01:00"
FIRST = "2026-01-30T21:07:00+01:00"
#: The least work that a locked file may ask for, so that a port's tests stay quick.
LOG_N = 14

SAID = [
    Said(3, "@kestrel", "hi, is this Sam?", FIRST),
    Said(4, "@sam", "yes", "2026-01-30T21:08:00"),
    Said(5, "@kestrel", "you have one hour", FIRST, noticed=Noticed("warning", ("deadline",))),
    Said(9, "@wren", "see this", "", media="image", file_name="IMG-0001.jpg"),
]
ENTERED = [
    Fact("contact", "555-0112"),
    Fact("owner", "@sam"),
    Fact("money_demanded", "yes"),
    Fact("peer", "@kestrel"),
    Fact("platform", "ChatApp"),
    Fact("peer", "@wren"),
]
ALONE = [Fact("owner", "@sam"), Fact("peer", "@kestrel")]
ODD = [
    Said(1, "@kestrel", 'a "quote", a \\ and\r\n\ta tab\x7f', FIRST),
    Said(2, "@kestrel", "日本語 \U0001f98a é e\u0301 \u202e \ufeff", FIRST),
    Said(3, "@kestrel", "half \ud83e a pair, \udd8a", FIRST),
    Said(4, "@kestrel", "", "2026-01-30T21:07:00.000123+00:00", media="deleted"),
    Said(2**53 - 1, "@sam", "", ""),
]

#: what it shows → messages, facts, source
MADE: dict[str, tuple[list[Said], list[Fact], str]] = {
    "a chat with two peers; facts in any order": (SAID, ENTERED, "whatsapp"),
    "one message": (SAID[:1], ALONE, ""),
    "quotes, controls, other scripts, half surrogates, the largest number": (ODD, ALONE, "jsonl"),
    "noticed nothing is not the same as not asked": (
        [Said(1, "@kestrel", "hello", FIRST, noticed=Noticed("none", ()))],
        ALONE,
        "",
    ),
}
#: what it shows → numbers and names that are taken out of the first file
REDACTED: dict[str, tuple[list[int], list[str]]] = {
    "one message": ([5], []),
    "a peer goes with the last of its messages": ([9], []),
    "a fact": ([], ["contact"]),
    "everything": ([3, 4, 5, 9], ["owner", "contact", "platform", "money_demanded"]),
    "an account that a message still shows": ([], ["owner"]),
    "a number that is not there": ([6], []),
    "a name that is not there": ([], ["note"]),
}
#: what it shows → places of the first file and what stands there now; DROP takes them out
DROP = "(drop)"
Change = list[tuple[list[str | int], Any]]
ZEROS = "0" * 64
CHANGED: dict[str, Change] = {
    "nothing": [],
    "a text": [(["messages", 0, "text"], "hi, is this Pat?")],
    "a number": [(["messages", 1, "number"], 2)],
    "a sender": [(["messages", 0, "sender"], "@wren")],
    "a time": [(["messages", 0, "sent_at"], "2026-01-30T21:07:01+01:00")],
    "a medium": [(["messages", 3, "media"], "video")],
    "the name of a file": [(["messages", 3, "file_name"], "IMG-0002.jpg")],
    "what was noticed": [(["messages", 2, "noticed", "level"], "notice")],
    "a salt": [(["messages", 0, "salt"], ZEROS)],
    "a commitment": [(["messages", 0, "commitment"], ZEROS)],
    "a link: its own place and the next": [(["messages", 0, "link"], ZEROS)],
    "a fact": [(["facts", 0, "value"], "ChatApps")],
    "the source": [(["source"], "telegram")],
    "when it was made": [(["created"], "2026-02-01T18:02:11+01:00")],
    "the header": [(["header"], ZEROS)],
    "the digest": [(["digest"], ZEROS)],
    "the first message is gone": [(["messages", 0], DROP)],
    "the last message is gone": [(["messages", 3], DROP)],
}
#: what it shows → changes after which it is no evidence file
MALFORMED: dict[str, Change] = {
    "another kind": [(["kind"], "evidence")],
    "a newer format": [(["format"], 2)],
    "a format that is no number": [(["format"], True)],
    "a field more": [(["note"], "")],
    "a field less": [(["digest"], DROP)],
    "half redacted": [(["messages", 0, "salt"], DROP)],
    "capital digits": [(["header"], "A" * 64)],
    "digits missing": [(["messages", 0, "salt"], "0" * 63)],
    "no messages": [(["messages"], [])],
    "an unknown fact": [(["facts", 0, "name"], "colour")],
    "an unknown medium": [(["messages", 0, "media"], "hologram")],
    "an unknown indicator": [(["messages", 2, "noticed", "indicators"], ["charm"])],
    "an unknown level": [(["messages", 2, "noticed", "level"], "high")],
    "a number from 0": [(["messages", 0, "number"], 0)],
    "half a surrogate": [(["messages", 0, "text"], "\ud83e")],
    "a time in other words": [(["messages", 0, "sent_at"], "2026-01-30 21:07")],
    "no time of making": [(["created"], "")],
    "a country in small letters": [(["facts", 0], {**dict.fromkeys(
        ("salt", "commitment", "link"), ZEROS), "name": "country", "value": "gb"})],
}  # fmt: skip
#: A code as somebody may note it, and codes that are none.
NOTED = ("{short}", "{whole}", "{upper}", "0000 0000 0000 0000", "{short} 00", "abcd", "")
#: Arguments of `make` that are refused, with the sentence of it.
REFUSED: dict[str, tuple[list[Said], list[Fact], str]] = {
    "nobody says whose chat it is": (SAID[:1], ALONE[1:], CREATED),
    "a message is by somebody else": (SAID[3:], ALONE, CREATED),
    "no message": ([], ALONE, CREATED),
    "out of order": (SAID[1::-1], ALONE, CREATED),
    "the same account twice": (SAID[:1], [*ALONE, Fact("peer", "@sam")], CREATED),
    "a fact twice": (SAID[:1], [*ALONE, Fact("note", "a"), Fact("note", "b")], CREATED),
    "a value that is empty": (SAID[:1], [*ALONE, Fact("note", "")], CREATED),
    "a choice that is none": (SAID[:1], [*ALONE, Fact("money_demanded", "maybe")], CREATED),
    "no zone": (SAID[:1], ALONE, "2026-01-31T18:02:11"),
}
PASSPHRASE = "caf\u00e9 on the corner"


def salts() -> Callable[[int], bytes]:
    """Bytes of 00, then 01, 02, …: what a port's test gives in place of random ones."""
    numbers = iter(range(256))
    return lambda size: bytes([next(numbers)]) * size


def made(messages: list[Said], facts: list[Fact], source: str, created: str = CREATED) -> Evidence:
    return make(
        messages,
        facts,
        created=datetime.fromisoformat(created),
        source=source,
        new_salt=salts(),
    )


def first() -> Evidence:
    return made(*next(iter(MADE.values())))


def as_json(evidence: Evidence) -> Any:
    return json.loads(to_bytes(evidence))


def changed(value: Any, changes: Change) -> Any:
    """A copy of the JSON value of a file with the changes made."""
    value = copy.deepcopy(value)
    for path, new in changes:
        inner = reduce(lambda found, key: found[key], path[:-1], value)
        if new == DROP:
            del inner[path[-1]]
        else:
            inner[path[-1]] = new
    return value


def written(messages: list[Said], facts: list[Fact]) -> Case:
    """Arguments of `make` as JSON."""
    return {"messages": [asdict(said) for said in messages], "facts": [asdict(f) for f in facts]}


def told(evidence: Evidence, noted: str | None = None) -> Case:
    found = verify(evidence, noted)
    return {
        "faults": list(found.faults),
        "redacted_messages": list(found.redacted_messages),
        "redacted_facts": list(found.redacted_facts),
        "noted": found.noted,
    }


def make_case(why: str, messages: list[Said], facts: list[Fact], source: str) -> Case:
    evidence = made(messages, facts, source)
    data = to_bytes(evidence)
    assert parse(data) == evidence and verify(evidence).holds
    return {
        "rule": "make",
        "why": why,
        **written(messages, facts),
        "source": source,
        "sha256": hashlib.sha256(data).hexdigest(),
        "code": short_digest(evidence.digest),
        "file": as_json(evidence),
    }


def redact_case(why: str, numbers: list[int], names: list[str]) -> Case:
    case = {"rule": "redact", "why": why, "numbers": numbers, "names": names}
    try:
        left = redact(first(), numbers, names)
    except ValueError as error:
        return {**case, "error": str(error)}
    digest = hashlib.sha256(to_bytes(left)).hexdigest()
    return {**case, "sha256": digest, "verdict": told(left)}


def verify_case(why: str, changes: Change) -> Case:
    evidence = parse(json.dumps(changed(as_json(first()), changes)).encode())
    return {"rule": "verify", "why": why, "changes": changes, "verdict": told(evidence)}


def noted_case(code: str) -> Case:
    digest = first().digest
    noted = code.format(short=short_digest(digest), whole=digest.hex(), upper=digest.hex().upper())
    case = {"rule": "noted", "noted": noted}
    try:
        return {**case, "verdict": told(first(), noted)}
    except ValueError as error:
        return {**case, "error": str(error)}


def parse_case(why: str, changes: Change) -> Case:
    case = {"rule": "parse", "why": why, "changes": changes}
    try:
        parse(json.dumps(changed(as_json(first()), changes)).encode())
    except EvidenceError as error:
        return {**case, "error": str(error)}
    raise AssertionError(f"{why}: was read")


def refused_case(why: str, messages: list[Said], facts: list[Fact], created: str) -> Case:
    try:
        made(messages, facts, "", created)
    except ValueError as error:
        return {"rule": "refused", "why": why, **written(messages, facts), "created": created,
                "error": str(error)}  # fmt: skip
    raise AssertionError(f"{why}: was made")


def locked_cases() -> list[Case]:
    """The second file, locked; opened by the same letters spelled otherwise, by no others."""
    plain = to_bytes(made(*MADE["one message"]))
    locked = lock(plain, PASSPHRASE, log_n=LOG_N, new_bytes=salts())
    cases: list[Case] = []
    for passphrase in (PASSPHRASE, "cafe\u0301 on the corner", "cafe on the corner"):
        case = {"rule": "locked", "passphrase": passphrase, "file": json.loads(locked)}
        try:
            opened = unlock(locked, passphrase)
        except EvidenceError as error:
            cases.append({**case, "error": str(error)})
        else:
            assert opened == plain
            cases.append({**case, "opens": hashlib.sha256(opened).hexdigest()})
    return cases


def build() -> Case:
    """The whole file."""
    return {
        "what": "exactly. make: messages and facts, with salts of 32 bytes 00, 01, 02 … in the "
        "order of the rows of the file (facts first) -> the file, the sha256 of its bytes (JSON "
        "of indent 1 in ASCII and a line end) and the check code. Of the file of the first case: "
        "redact, what is taken out; verify, what is changed (path and new value; (drop) takes the "
        "entry out) -> places that do not fit; noted, a code -> whether it fits; parse, changes "
        "after which it is refused. refused: arguments of make. locked: the second file under a "
        "passphrase, with 16 bytes 00 for salt and 12 bytes 01 for nonce. An error is the "
        "sentence of the Python runtime; a port may word it otherwise, and must refuse",
        "created": CREATED,
        "log_n": LOG_N,
        "cases": [
            *(make_case(why, *given) for why, given in MADE.items()),
            *(redact_case(why, *out) for why, out in REDACTED.items()),
            *(verify_case(why, changes) for why, changes in CHANGED.items()),
            *(noted_case(code) for code in NOTED),
            *(parse_case(why, changes) for why, changes in MALFORMED.items()),
            *(refused_case(why, *given) for why, given in REFUSED.items()),
            *locked_cases(),
        ],
    }
