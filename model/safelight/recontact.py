"""Recontact: tells whether a new contact looks like one that the person blocked. Opt-in, local.

    blocked = guard.recontact(key)                    # 32 bytes that the app keeps secret
    blocked.add("chat-17", handle="…", texts=[…])     # when the person asks for it on blocking
    store(blocked.to_bytes())                         # guard.recontact(key, stored) reads it
    blocked.hints(handle="…", texts=[…])              # (Hint.NAME,), or () almost always

Kept are keyed hashes of names, addresses and links alone: no text, no name, no time, never how
somebody writes. A list is one person's own and is compared with nothing but their new contacts.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from safelight import reading
from safelight.advice import REVIEWS
from safelight.by_language import pick
from safelight.recontact_forms import contact_forms, handle_forms, link_forms, payment_forms
from safelight.subkey import subkey
from safelight.text import TextPreparer

#: People kept, the earliest of whom give way; hashes kept of each and kind, so that many links
#: cannot push out a payment account.
MAX_PEOPLE, MAX_HASHES = 250, 40
WHERE = "words/recontact.json"
_INFO = b"safelight recontact v1"
_MAGIC = b"SLRC\x01"
_HASH_BYTES, _SEAL_BYTES = 16, 32
_HEAD = struct.Struct(">H")


class RecontactError(Exception):
    """What was stored cannot be read: damaged, of a newer version, or under another key."""


class Hint(str, Enum):
    """Why a new contact looks like a blocked one; never which one."""

    NAME = "name"
    PAYMENT = "payment"
    CONTACT = "contact"
    LINK = "link"

    def words(self, language: str) -> str:
        """A sentence to show, in English where the language has none. It accuses nobody."""
        return pick(_words(), language)[self]


@cache
def _words() -> Mapping[str, Mapping[Hint, str]]:
    """The sentences of each language, checked; BundleError on the first fault."""
    data = (Path(__file__).parent / WHERE).read_bytes()
    return reading.by_language(data, 1, WHERE, _sentences)


def _sentences(value: Any, where: str, _: str) -> dict[Hint, str]:
    said = reading.texts(value, ("review", *Hint), where)
    reading.one_of(said["review"], REVIEWS, f"{where}.review")
    return {hint: said[hint] for hint in Hint}


_FINDERS: dict[Hint, Callable[[TextPreparer, str], set[str]]] = {
    Hint.PAYMENT: payment_forms,
    Hint.CONTACT: contact_forms,
    Hint.LINK: link_forms,
}


def marks(preparer: TextPreparer, handle: str, texts: Iterable[str]) -> set[tuple[Hint, str]]:
    """All by which a contact can be recognised, in plain text: for measuring, never to be kept."""
    found = {(Hint.NAME, form) for form in handle_forms(preparer, handle)}
    for text in (handle, *texts):  # some services show a phone number for a name
        for kind, finder in _FINDERS.items():
            found |= {(kind, form) for form in finder(preparer, text)}
    return found


class Recontact:
    """The people that one person blocked, as keyed hashes. Belongs to one caller at a time.

    preparer: folds look-alikes. key: 32 bytes, secret, the same each time; who has it can test
    guesses of names. stored: what `to_bytes` gave. ValueError for a key of another length;
    RecontactError if `stored` cannot be read.
    """

    def __init__(self, preparer: TextPreparer, key: bytes, stored: bytes | None = None) -> None:
        self._preparer = preparer
        self._key = subkey(key, _INFO)
        #: Hash of the app's id → hashes of what was seen of that person, the earliest first.
        self._people: dict[bytes, frozenset[bytes]] = {}
        if stored is not None:
            self._people = self._read(stored)

    def add(self, person: str, *, handle: str = "", texts: Iterable[str] = ()) -> None:
        """Remember a person whom the user blocked, instead of what was kept of them before.

        person: the app's own id, by which `forget` erases. handle: the name that is theirs alone
        on the service; leave it out where names are not unique, for two people may be called
        Sam. texts: of their messages, not of the user's.
        """
        id_hash = self._hash("person", person)
        found: dict[Hint, list[bytes]] = {kind: [] for kind in Hint}
        for kind, form in sorted(marks(self._preparer, handle, texts)):
            found[kind].append(self._hash(kind.value, form))
        self._people.pop(id_hash, None)
        self._people[id_hash] = frozenset(h for each in found.values() for h in each[:MAX_HASHES])
        while len(self._people) > MAX_PEOPLE:
            del self._people[next(iter(self._people))]

    def hints(self, *, handle: str = "", texts: Iterable[str] = ()) -> tuple[Hint, ...]:
        """Say in what a new contact looks like anybody blocked, in the order of Hint."""
        known = frozenset[bytes]().union(*self._people.values())
        forms = marks(self._preparer, handle, texts) if known else set()
        hit = {kind for kind, form in forms if self._hash(kind.value, form) in known}
        return tuple(kind for kind in Hint if kind in hit)

    def forget(self, person: str) -> bool:
        """Erase one person; False if nothing was kept of them."""
        return self._people.pop(self._hash("person", person), None) is not None

    def clear(self) -> None:
        """Erase everybody."""
        self._people.clear()

    def __len__(self) -> int:
        """How many people are kept."""
        return len(self._people)

    def __repr__(self) -> str:
        return f"Recontact(people={len(self)})"

    def to_bytes(self) -> bytes:
        """Return what the app stores: at most 510 KB of hashes, sealed under the key."""
        parts = [_MAGIC, _HEAD.pack(len(self._people))]
        for id_hash, hashes in self._people.items():
            parts += [id_hash, _HEAD.pack(len(hashes)), *sorted(hashes)]
        body = b"".join(parts)
        return body + self._seal(body)

    def _read(self, stored: bytes) -> dict[bytes, frozenset[bytes]]:
        if not stored.startswith(_MAGIC):
            raise RecontactError("stored: not of this version")
        body, seal = stored[:-_SEAL_BYTES], stored[-_SEAL_BYTES:]
        if not hmac.compare_digest(self._seal(body), seal):
            raise RecontactError("stored: damaged, or under another key")
        # From here on the bytes are what to_bytes wrote: the seal vouches for their form.
        place = len(_MAGIC)

        def take(size: int) -> bytes:
            nonlocal place
            place += size
            return body[place - size : place]

        def count() -> int:
            return int(_HEAD.unpack(take(_HEAD.size))[0])

        return {
            take(_HASH_BYTES): frozenset(take(_HASH_BYTES) for _ in range(count()))
            for _ in range(count())
        }

    def _hash(self, kind: str, form: str) -> bytes:
        said = f"{kind}\0{form}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, said, hashlib.sha256)[:_HASH_BYTES]

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"stored\0" + body, hashlib.sha256)
