"""The fixed words of friction: words/friction.json of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safelight import reading
from safelight.advice import REVIEWS
from safelight.by_language import pick

FORMAT = 1
WHERE = "words/friction.json"
#: What is asked about before it is sent, and what is covered when it arrives.
SEND = ("image", "video", "location", "payment", "file", "contact", "call")
ARRIVE = ("link", "image", "video", "file")


@dataclass(frozen=True)
class Ask:
    """One question: its title, one or two sentences, and the word for going on."""

    title: str
    text: str
    go: str


@dataclass(frozen=True)
class AskWords:
    """The words of one language. stay: the answer that leaves things as they are."""

    language: str
    review: str
    stay: str
    send: Mapping[str, Ask]
    arrive: Mapping[str, Ask]


@dataclass(frozen=True)
class AskBook:
    """The words of every language."""

    by_language: Mapping[str, AskWords]

    def words(self, language: str) -> AskWords:
        """Return the words of a language ("fr", "fr-CA"), or of English where there are none."""
        return pick(self.by_language, language)


def parse_ask_book(data: bytes) -> AskBook:
    """Read the file; BundleError on the first fault."""
    return AskBook(reading.by_language(data, FORMAT, WHERE, _words))


def _words(value: Any, where: str, language: str) -> AskWords:
    found = reading.exact_keys(value, ("review", "stay", "send", "arrive"), where)
    return AskWords(
        language=language,
        review=reading.one_of(found["review"], REVIEWS, f"{where}.review"),
        stay=reading.text(found["stay"], f"{where}.stay", most=30),
        send=_asks(found["send"], SEND, f"{where}.send"),
        arrive=_asks(found["arrive"], ARRIVE, f"{where}.arrive"),
    )


def _asks(value: Any, kinds: tuple[str, ...], where: str) -> dict[str, Ask]:
    found = reading.exact_keys(value, kinds, where)
    return {kind: _ask(found[kind], f"{where}.{kind}") for kind in kinds}


def _ask(value: Any, where: str) -> Ask:
    found = reading.exact_keys(value, ("title", "text", "go"), where)
    return Ask(
        title=reading.text(found["title"], f"{where}.title", most=60),
        text=reading.text(found["text"], f"{where}.text", most=160),
        go=reading.text(found["go"], f"{where}.go", most=30),
    )
