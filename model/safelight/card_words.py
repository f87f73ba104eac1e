"""Fixed words around a help card: what it is for, and what a contact leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safelight import reading

PURPOSES = ("talk", "report", "remove", "emergency")
CHANNELS = ("chat", "text", "call", "web", "email", "app")
_ANONYMOUS = {True: "yes", False: "no", None: "unknown"}
_Texts = Mapping[str, str]


@dataclass(frozen=True)
class CardWords:
    """Texts by language code, English always there.

    heading: over what to know before the tap. purposes: by PURPOSES. channels: by CHANNELS,
    what a contact that way leaves behind. anonymous: by "yes", "no", "unknown".
    """

    heading: _Texts
    purposes: Mapping[str, _Texts]
    channels: Mapping[str, _Texts]
    anonymous: Mapping[str, _Texts]

    def purpose(self, purpose: str, language: str) -> str:
        """Return what a card of this purpose is for."""
        return in_language(self.purposes[purpose], language)

    def before(
        self, kinds: Iterable[str], anonymous: bool | None, language: str
    ) -> tuple[str, ...]:
        """Return what to know before the tap: anonymity, then the traces of each kind once."""
        texts = [self.anonymous[_ANONYMOUS[anonymous]]]
        texts += [self.channels[kind] for kind in dict.fromkeys(kinds)]
        return tuple(in_language(text, language) for text in texts)


def in_language(texts: _Texts, language: str) -> str:
    """Return the text of a language, English where it is missing, "" where there is none."""
    return texts.get(language, texts.get("en", ""))


def parse_card_words(value: Any, where: str) -> CardWords:
    """Read the `words` of resources.json; BundleError on the first fault."""
    found = reading.exact_keys(value, ("before", "purposes", "channels", "anonymous"), where)
    return CardWords(
        heading=reading.translations(found["before"], f"{where}.before"),
        purposes=_by_key(found["purposes"], PURPOSES, f"{where}.purposes"),
        channels=_by_key(found["channels"], CHANNELS, f"{where}.channels"),
        anonymous=_by_key(found["anonymous"], _ANONYMOUS.values(), f"{where}.anonymous"),
    )


def _by_key(value: Any, keys: Iterable[str], where: str) -> dict[str, _Texts]:
    found = reading.exact_keys(value, keys, where)
    return {key: reading.translations(text, f"{where}.{key}") for key, text in found.items()}
