"""Runs the Python runtime, so that the TypeScript package can be compared with what it says.

    SAFELIGHT_ANSWERS=FOLDER python -m pytest tests/sdk/write_answers.py

Run by the tests of mobile_demo/sdk, not collected with the others. Writes the tiny bundle, signed,
and `answers.json`: dataclasses as objects with camelCase names, enums and dates as their values.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum, IntEnum
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safelight import Assessment, Conversation, Guard, Hint, Message, Settings
from safelight.evidence_file import parse
from safelight.evidence_page import render
from safelight.evidence_words import languages as page_languages
from safelight.evidence_words import words as page_words
from safelight.friction import SENDING, before_send, on_arrival
from safelight.guard import SHIPPED
from safelight.guides import GUIDES
from safelight.resources import STAGE_KEYS
from safelight.signature import DOMAIN
from safelight.taxonomy import INDICATORS
from safelight.types import Level, Reason, Stage

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(KEY)
NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
TODAY = date(2026, 11, 1)
LANGUAGES = ("en", "fr", "de", "it", "ja", "es", "pt", "fr-CA", "xx")
COUNTRIES = (None, "gb", "FR", "US", "JP", "ZZ")
#: Planted words of the tiny bundle among ordinary ones: sender, text, medium, minutes of silence.
STORY: tuple[tuple[str, str, str | None, int | None], ...] = (
    ("peer", "hello how are you", None, None),
    ("self", "good", None, 1),
    ("peer", "keep the match", None, 2),
    ("sam", "hello", "image", None),
    ("peer", "picture at five", None, 0),
    ("self", "", "sticker", -5),
    ("peer", "hello " * 40, None, 90),
    ("peer", "everyone coins", None, 1),
    ("self", "how", None, 1),
    ("peer", "the match was good", None, 1),
    ("sam", "keep picture", None, None),
    ("peer", "\ud83e \U0001f98a p i c s \x00", None, 3),
)

Change = Callable[[Guard, Conversation], object]
#: what it shows → after so many messages, what the person does
CHOICES: dict[str, dict[int, Change]] = {
    "nothing chosen": {},
    "muted": {0: lambda _, chat: chat.mute(), 9: lambda _, chat: chat.unmute()},
    "discreet": {3: lambda guard, _: setattr(guard, "discreet", True)},
    "low": {0: lambda guard, _: setattr(guard, "sensitivity", "low")},
    "high": {0: lambda guard, _: setattr(guard, "sensitivity", "high")},
    "off, then on": {3: lambda guard, _: guard.off(), 6: lambda guard, _: guard.on()},
    "no friction": {0: lambda guard, _: setattr(guard, "friction", False)},
    "this was fine": {6: lambda _, chat: chat.this_was_fine()},
    "wiped": {6: lambda _, chat: chat.wipe()},
}


def plain(value: Any) -> Any:
    """A value as JSON, in the names of TypeScript."""
    if isinstance(value, IntEnum | bool | int | float | str) or value is None:
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        hidden = ("book", "words", "by_audience")
        return {
            camel(f.name): plain(getattr(value, f.name))
            for f in fields(value)
            if f.name not in hidden
        }
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    assert isinstance(value, Iterable), type(value)
    return [plain(entry) for entry in value]


def camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def messages() -> list[Message]:
    told, at = [], NOON
    for number, (sender, text, media, minutes) in enumerate(STORY):
        if minutes is not None:
            at += timedelta(minutes=minutes)
        sent = None if minutes is None else at
        told.append(Message(sender, text, media, sent, f"id{number}" if number % 2 else None))
    return told


def as_given(message: Message) -> dict[str, Any]:
    sent = message.sent_at
    return {
        **plain(message),
        "sentAt": None if sent is None else int(sent.timestamp() * 1000),
    }


def observed(guard: Guard, chat: Conversation, told: Message, replay: bool = False) -> Assessment:
    return guard.step([(chat, told)], replay=replay)[0]


def asked(chat: Conversation) -> dict[str, Any]:
    """What friction says of each kind, in a language that the tiny bundle has not."""
    return {
        kind: [plain(chat.before_send(kind, "ja")), plain(chat.on_arrival(kind, "ja"))]
        for kind in SENDING
    }


def course(guard: Guard, changes: Mapping[int, Change]) -> list[dict[str, Any]]:
    guard.settings = Settings()
    chat, steps = guard.conversation("chat-17"), []
    for number, told in enumerate(messages()):
        if number in changes:
            changes[number](guard, chat)
        seen = observed(guard, chat, told)
        advice = plain(seen.advice("en", "AA", today=TODAY, audience="adult"))
        steps.append({"seen": plain(seen), "advice": advice, "asked": asked(chat),
                      "line": guard.line("en", in_chat=True)})  # fmt: skip
    guard.settings = Settings()
    return steps


def restored(guard: Guard) -> dict[str, Any]:
    """A snapshot in the middle of the story, and how the chat goes on from there."""
    chat, told = guard.conversation("chat-17"), messages()
    chat.mute()
    guard.replay(chat, told[:7])
    blob = chat.snapshot(KEY, counter=5)
    after = [plain(observed(guard, chat, message)) for message in told[7:]]
    return {"blob": base64.b64encode(blob).decode(), "after": after, "counter": 5}


def every_advice(guard: Guard) -> list[dict[str, Any]]:
    """All that the shipped bundle can say: stages, languages, countries, audiences."""
    found = []
    for key, language, country in product(STAGE_KEYS, LANGUAGES, COUNTRIES):
        seen = pretended(key)
        for audience in ("young", "adult"):
            advice = guard.book.advice(seen, language, country, TODAY, audience)
            found.append({"stage": seen.stage.value, "reasons": plain(seen.reasons),
                          "language": language, "country": country, "audience": audience,
                          "advice": plain(advice)})  # fmt: skip
    return found


def pretended(key: str) -> Any:
    """An assessment of which advice needs its level, stage and reasons."""
    names = {"crisis_self_harm": "self_harm_push", "crisis_task": "coerced_task"}
    reasons = tuple(
        Reason("m1", name) for name in (names.get(key, "deadline"), "secrecy", "secrecy")
    )
    level = Level.NONE if key == "none" else Level.WARNING
    return SimpleNamespace(level=level, stage=Stage(key.partition("_")[0]), reasons=reasons)


def texts(guard: Guard) -> dict[str, Any]:
    """Guides, hints, lines, indicators and questions, in every language."""
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        words, facts = guard._ask_words(language), [guard.indicators[name] for name in INDICATORS]
        found[language] = {
            "guides": [plain(guard.guide(id, language)) for id in GUIDES],
            "hints": [hint.words(language) for hint in Hint],
            "lines": [guard.line(language), guard.line(language, in_chat=True)],
            "indicators": [[one.name(language), one.description(language)] for one in facts],
            "asked": [
                [plain(ask(words, kind, Level.URGENT, Stage.THREAT, discreet=False))
                 for ask in (before_send, on_arrival)] for kind in SENDING
            ],
        }  # fmt: skip
    return found


def samples(guard: Guard) -> list[dict[str, Any]]:
    """The chats that the package carries, read by the shipped weights."""
    found = []
    for path in sorted((SHIPPED.parent / "samples").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            chat, rows = guard.conversation("c"), json.loads(line)["messages"]
            told = [
                Message(row["sender"], row["text"], None, NOON + timedelta(seconds=row["offset_s"]))
                for row in rows
            ]
            seen = [plain(observed(guard, chat, message)) for message in told]
            found.append({"messages": [as_given(message) for message in told], "seen": seen,
                          "why": plain(guard.why(told))})  # fmt: skip
    return found


def pages(guard: Guard) -> dict[str, str]:
    """The evidence page of each file of the golden vectors, in each language."""
    cases = json.loads((ROOT / "tests" / "vectors" / "evidence.json").read_text("utf-8"))["cases"]
    found = {}
    for number, case in enumerate(case for case in cases if case["rule"] == "make"):
        evidence = parse(json.dumps(case["file"]).encode())
        for language in page_languages():
            names = {name: guard.indicators[name].name(language) for name in INDICATORS}
            found[f"{number} {language}"] = render(evidence, page_words(language), names)
    return found


def folded() -> dict[str, str]:
    """Every letter that this Python knows and that has a case, and all of the first scripts."""
    letters = (chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000)
    return {
        letter: letter.casefold()
        for letter in letters
        if unicodedata.category(letter) != "Cn"
        and (letter.casefold() != letter or ord(letter) < 0x3000)
    }


def sign(folder: Path) -> None:
    manifest = (folder / "manifest.json").read_bytes()
    signature = base64.b64encode(PRIVATE.sign(DOMAIN + manifest)).decode()
    content = {"key_id": "k1", "sequence": json.loads(manifest)["sequence"], "signature": signature}
    (folder / "manifest.sig").write_text(json.dumps(content))


def test_write(guard: Guard, tiny_bundle: Path) -> None:
    out = Path(os.environ["SAFELIGHT_ANSWERS"])
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(tiny_bundle, out / "tiny")
    sign(out / "tiny")
    shipped = Guard.load()
    answers = {
        "key": KEY.hex(),
        "public": PRIVATE.public_key().public_bytes_raw().hex(),
        "today": TODAY.isoformat(),
        "story": [as_given(message) for message in messages()],
        "courses": {why: course(guard, changes) for why, changes in CHOICES.items()},
        "restored": restored(guard),
        "why": plain(guard.why(messages())),
        "why_after_fine": [
            plain(guard.why(messages(), fine_after=[place])) for place in range(len(messages()))
        ],
        "advice": every_advice(shipped),
        "texts": texts(shipped),
        "samples": samples(shipped),
        "pages": pages(shipped),
        "folded": folded(),
    }
    (out / "answers.json").write_text(json.dumps(answers))
