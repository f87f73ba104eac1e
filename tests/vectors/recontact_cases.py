"""By what a contact is recognised, the keyed hashes that are kept, and the hints they give."""

from __future__ import annotations

from typing import Any

from safelight.recontact import Recontact, RecontactError
from safelight.recontact_forms import contact_forms, handle_forms, link_forms, payment_forms
from safelight.text import TextPreparer
from safelight_export.text_table import build_table

Case = dict[str, Any]
KEY, OTHER_KEY = bytes(range(32)), bytes(32)
IBAN = "GB82 WEST 1234 5698 7654 32"  # the example of the public registry
COIN = "1111111111111111111114oLvT2"  # twenty zero bytes: nobody has the key

HANDLES = (
    "river.fox88", "RIVER.FOX88", "@river_fox88 ", "ríver.fox88", "ｒｉｖｅｒ.fox88",
    "ri\u200bver.fox88", "r1v3r.f0x88", "he110.fox88", "rivеr.fоx88", "rivεr.fοx88",
    "осень.лист", "OCeнь.лист", "the.quiet.river.fox88", "jonathan.example12", "mia2009",
    "emma", "sam", "s4m1", "Straße_2", "c@sh.$am77", "Ünïcödé-name", "...", "", "🦊🦊🦊🦊",
    "half\ud83e.fox88", "x" * 250,
)  # fmt: skip
TEXTS = (
    f"send it to {IBAN} today", "IBAN: gb82west12345698765432.", "DE12 ABCD EFGH JKLM NPQR ST",
    f"my wallet={COIN}!", COIN.replace("2", "3"), f"eth 0x{'Ab' * 20}.", f"bc1{'q' * 39}",
    "https://paypal.me/Example.Name/20", "www.paypal.com/paypalme/examplename?x=1",
    "pаypal.me/examplename", "cash app me: $ExampleTag", "https://cash.app/$exampletag",
    "$HOME and $AAPL", "Some.One+chat@example.com", "some.one+x@googlemail.com",
    "+44 7700 900123", "call 07700 900 123", "(212) 555-0123", "0800 555 0123", "555-0123",
    "https://www.example.com/Page/?utm_source=a&fbclid=b", "http://m.example.com/p?b=2&a=1#top",
    "join t.me/example_room now", "https://example.com", "https://en.wikipedia.org/wiki/Fox",
    "https://help.example.com/page", "https://helper.example.com/page", "example.com/docs/page",
    "05555 555 555", "0551 234567", "https://www.youtube.com/watch?v=example",
    "http://[oh", "hello, how was school",
)  # fmt: skip
#: What the person blocked: id of the app, handle, texts.
BLOCKED = (
    ("chat-17", "river.fox88", ["hello", f"send it to {IBAN}", "or t.me/example_room"]),
    ("chat-18", "the.quiet.river.fox88", ["mail someone@example.com", "call 07700 900 123"]),
    ("chat-19", "", [f"https://example.com/page{number}" for number in range(45)]),
)
#: what it shows → handle and texts of a new contact
CONTACTS: dict[str, tuple[str, list[str]]] = {
    "nobody who was blocked": ("quiet.owl7", ["hello"]),
    "a look-alike": ("rivеr_f0x88", []),
    "other digits behind a long name": ("the_quiet_river_fox2", []),
    "other digits behind a short one": ("river.fox89", []),
    "the same account": ("", ["iban gb82west12345698765432"]),
    "the same address, the same link": ("", ["SOMEONE@example.com", "https://t.me/example_room"]),
    "a number shown for a name": ("+44 7700 900123", []),
    "of many links the first in order are kept": ("", ["example.com/page0"]),
    "of many links the last are not": ("", ["example.com/page9"]),
    "all at once, each hint once": ("river-fox88", [IBAN, IBAN, "t.me/example_room",
                                                    "someone@example.com"]),
}  # fmt: skip

PREPARER = TextPreparer(build_table())


def blocked() -> Recontact:
    memory = Recontact(PREPARER, KEY)
    for person, handle, texts in BLOCKED:
        memory.add(person, handle=handle, texts=texts)
    return memory


def form_cases() -> list[Case]:
    """Forms of handles and of texts, sorted by code point."""
    cases: list[Case] = [
        {"rule": "handle", "handle": handle, "forms": sorted(handle_forms(PREPARER, handle))}
        for handle in HANDLES
    ]
    finders = {"payment": payment_forms, "contact": contact_forms, "link": link_forms}
    for text in TEXTS:
        found = {kind: sorted(finder(PREPARER, text)) for kind, finder in finders.items()}
        cases.append({"rule": "text", "text": text, **found})
    return cases


def list_cases() -> list[Case]:
    """What is stored after each step; `forget` says whether anything was kept of the person."""
    memory, cases = Recontact(PREPARER, KEY), []
    for person, handle, texts in BLOCKED:
        memory.add(person, handle=handle, texts=texts)
        cases.append({"rule": "list", "add": person, "handle": handle, "texts": texts,
                      "stored": memory.to_bytes().hex()})  # fmt: skip
    for person in ("chat-19", "chat-20"):
        known = memory.forget(person)
        cases.append({"rule": "list", "forget": person, "known": known,
                      "stored": memory.to_bytes().hex()})  # fmt: skip
    memory.add("chat-17", handle="quiet.owl7")
    cases.append({"rule": "list", "add": "chat-17", "handle": "quiet.owl7", "texts": [],
                  "stored": memory.to_bytes().hex()})  # fmt: skip
    return cases


def hint_cases() -> list[Case]:
    """Everybody of BLOCKED stands in the list."""
    memory = blocked()
    return [
        {"rule": "hints", "why": why, "handle": handle, "texts": texts,
         "hints": [hint.value for hint in memory.hints(handle=handle, texts=texts)]}
        for why, (handle, texts) in CONTACTS.items()
    ]  # fmt: skip


def refused_cases() -> list[Case]:
    """What is stored after the first step, changed."""
    memory = Recontact(PREPARER, KEY)
    memory.add(BLOCKED[0][0], handle=BLOCKED[0][1], texts=BLOCKED[0][2])
    stored = memory.to_bytes()
    changed = {
        "nothing at all": (b"", KEY),
        "a newer version": (stored[:4] + b"\x02" + stored[5:], KEY),
        "the last byte is missing": (stored[:-1], KEY),
        "a byte of a hash": (stored[:40] + bytes([stored[40] ^ 1]) + stored[41:], KEY),
        "one person less in the count": (stored[:6] + b"\x00" + stored[7:], KEY),
        "another key": (stored, OTHER_KEY),
    }
    cases = []
    for why, (data, key) in changed.items():
        try:
            Recontact(PREPARER, key, data)
        except RecontactError as error:
            cases.append({"rule": "refused", "why": why, "key": key.hex(), "stored": data.hex(),
                          "error": str(error)})  # fmt: skip
        else:
            raise AssertionError(f"{why}: was read")
    return cases


def build() -> Case:
    """The whole file."""
    return {
        "what": "exactly, by the text.json that this code builds. handle and text: forms, sorted "
        "by code point. list: one list from its start, after each step what is stored under the "
        "key, in hex. hints: those that a contact gives once the first three steps were taken. "
        "refused: what is stored, and under which key it is asked for. An error is the sentence "
        "of the Python runtime; a port may word it otherwise",
        "key": KEY.hex(),
        "cases": [*form_cases(), *list_cases(), *hint_cases(), *refused_cases()],
    }
