"""Help cards by country: resources.json. Chat and text come first, stale cards say so.

A card says before the tap what the contact leaves behind and whether one stays anonymous.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from safelight import reading
from safelight.card_words import CHANNELS, PURPOSES, CardWords, in_language, parse_card_words
from safelight.reading import BundleError

FORMAT = 2
#: The keys under which advice is filed; types.Stage with crisis told apart.
STAGE_KEYS = (
    "none",
    "trust",
    "request",
    "threat",
    "after",
    "crisis_self_harm",
    "crisis_task",
    "crisis_distress",
)
#: A card whose page carries an older date, or none, counts as not recently checked.
FRESH_FOR = timedelta(days=180)
_QUIET = ("chat", "text")
_WORLD = ("*",)
_WHERE = "resources.json"
_FIELDS = (
    "id",
    "countries",
    "name",
    "purposes",
    "channels",
    "languages",
    "serves",
    "hours",
    "note",
    "source",
    "page_date",
    "verification",
    "anonymous",
    "anonymous_source",
)


@dataclass(frozen=True)
class Channel:
    """A way to reach a service. kind: one of CHANNELS; value: a number, host or address."""

    kind: str
    value: str


@dataclass(frozen=True)
class HelpCard:
    """A service as shown, in one language. Texts that are not known are empty.

    channels: chat and text first. purposes: keys; use: the same in words. before_title and
    before: what to know before the tap, first about anonymity, then what each kind of channel
    leaves behind. freshness: "" or the words for "not recently checked". page_date: what the
    source page itself carries. verification: "primary" (the service's own page or a public
    body's) or "secondary". anonymous: None where it is not known; the page that says so.
    """

    id: str
    name: str
    purposes: tuple[str, ...]
    channels: tuple[Channel, ...]
    languages: tuple[str, ...]
    serves: str
    hours: str
    note: str
    use: tuple[str, ...]
    before_title: str
    before: tuple[str, ...]
    freshness: str
    source: str
    page_date: date | None
    verification: str
    anonymous: bool | None
    anonymous_source: str | None


@dataclass(frozen=True)
class Service:
    """A service as filed, in all languages. words: those that all cards share."""

    id: str
    countries: tuple[str, ...]
    name: str
    purposes: tuple[str, ...]
    channels: tuple[Channel, ...]
    languages: tuple[str, ...]
    serves: Mapping[str, str]
    hours: Mapping[str, str]
    note: Mapping[str, str]
    source: str
    page_date: date | None
    verification: str
    anonymous: bool | None
    anonymous_source: str | None
    words: CardWords

    def fresh(self, today: date) -> bool:
        """Tell whether the page carries a date of at most FRESH_FOR ago, and none to come."""
        age = None if self.page_date is None else today - self.page_date
        return age is not None and timedelta(0) <= age <= FRESH_FOR

    def card(self, language: str, today: date, not_recent: str) -> HelpCard:
        """Return the card in a language, English where a text lacks it."""
        kinds = [channel.kind for channel in self.channels]
        return HelpCard(
            id=self.id,
            name=self.name,
            purposes=self.purposes,
            channels=self.channels,
            languages=self.languages,
            serves=in_language(self.serves, language),
            hours=in_language(self.hours, language),
            note=in_language(self.note, language),
            use=tuple(self.words.purpose(purpose, language) for purpose in self.purposes),
            before_title=in_language(self.words.heading, language),
            before=self.words.before(kinds, self.anonymous, language),
            freshness="" if self.fresh(today) else not_recent,
            source=self.source,
            page_date=self.page_date,
            verification=self.verification,
            anonymous=self.anonymous,
            anonymous_source=self.anonymous_source,
        )


@dataclass(frozen=True)
class Resources:
    """All services, and which purposes each stage asks for, the first wanted first."""

    services: tuple[Service, ...]
    purposes: Mapping[str, tuple[str, ...]]

    def choose(self, stage_key: str, country: str | None) -> list[Service]:
        """Return the services to show, in order.

        Those of the country that serve a purpose of the stage; then international ones for each
        purpose that none of them serves (for all, without a country or services on file).
        """
        wanted = self.purposes[stage_key]
        local = [s for s in self.services if country in s.countries and _serves(s, wanted)]
        covered = {purpose for service in local for purpose in service.purposes}
        open_ones = tuple(purpose for purpose in wanted if purpose not in covered)
        world = [s for s in self.services if s.countries == _WORLD and _serves(s, open_ones)]

        def order(service: Service) -> tuple[int, bool]:
            first = min(wanted.index(p) for p in service.purposes if p in wanted)
            return first, service.channels[0].kind not in _QUIET

        return sorted(local + world, key=order)

    def stale(self, today: date) -> list[Service]:
        """Return the services whose page is undated, or dated more than FRESH_FOR ago."""
        return [service for service in self.services if not service.fresh(today)]


def _serves(service: Service, wanted: tuple[str, ...]) -> bool:
    return any(purpose in wanted for purpose in service.purposes)


def parse_resources(data: bytes) -> Resources:
    """Read resources.json; one BundleError, naming the card and field, on the first fault."""
    raw = reading.exact_keys(
        reading.parse_json(data, _WHERE), ("format", "purposes", "words", "cards"), _WHERE
    )
    reading.check_format(raw, FORMAT, _WHERE)
    purposes = reading.exact_keys(raw["purposes"], STAGE_KEYS, f"{_WHERE}: purposes")
    words = parse_card_words(raw["words"], f"{_WHERE}: words")
    cards = reading.sequence(raw["cards"], f"{_WHERE}: cards", least=1)
    services = tuple(
        _service(card, words, f"{_WHERE}: card {index}") for index, card in enumerate(cards)
    )
    if len({service.id for service in services}) != len(services):
        raise BundleError(f"{_WHERE}: the id of a card is repeated")
    return Resources(
        services,
        {key: _several(purposes[key], PURPOSES, f"{_WHERE}: purposes.{key}") for key in STAGE_KEYS},
    )


def _several(value: Any, allowed: tuple[str, ...], where: str) -> tuple[str, ...]:
    entries = reading.sequence(value, where, least=1)
    found = tuple(reading.one_of(entry, allowed, where) for entry in entries)
    if len(set(found)) != len(found):
        raise BundleError(f"{where}: an entry is repeated")
    return found


def _service(value: Any, words: CardWords, where: str) -> Service:
    found = reading.exact_keys(value, _FIELDS, where)
    page_date = found["page_date"]
    anonymous, anonymous_source = _anonymous(found, where)
    return Service(
        id=_matching("[a-z0-9-]+", found["id"], f"{where}: id"),
        countries=_countries(found["countries"], f"{where}: countries"),
        name=reading.text(found["name"], f"{where}: name"),
        purposes=_several(found["purposes"], PURPOSES, f"{where}: purposes"),
        channels=_channels(found["channels"], f"{where}: channels"),
        languages=tuple(
            reading.language(code, f"{where}: languages")
            for code in reading.sequence(found["languages"], f"{where}: languages")
        ),
        serves=reading.translations(found["serves"], f"{where}: serves", may_be_empty=True),
        hours=reading.translations(found["hours"], f"{where}: hours", may_be_empty=True),
        note=reading.translations(found["note"], f"{where}: note", may_be_empty=True),
        source=reading.https(found["source"], f"{where}: source"),
        page_date=None if page_date is None else reading.day(page_date, f"{where}: page_date"),
        verification=reading.one_of(
            found["verification"], ("primary", "secondary"), f"{where}: verification"
        ),
        anonymous=anonymous,
        anonymous_source=anonymous_source,
        words=words,
    )


def _anonymous(found: Mapping[str, Any], where: str) -> tuple[bool | None, str | None]:
    """True or False needs the page that says so; None, which is "not known", has none."""
    known, source = found["anonymous"], found["anonymous_source"]
    if known is not None and not isinstance(known, bool):
        raise BundleError(f"{where}: anonymous: must be true, false or null")
    if known is None:
        if source is not None:
            raise BundleError(f"{where}: anonymous_source: must be null where that is not known")
        return None, None
    return known, reading.https(source, f"{where}: anonymous_source")


def _countries(value: Any, where: str) -> tuple[str, ...]:
    codes = tuple(reading.sequence(value, where, least=1))
    return codes if codes == _WORLD else tuple(_matching("[A-Z]{2}", c, where) for c in codes)


def _channels(value: Any, where: str) -> tuple[Channel, ...]:
    channels = []
    for entry in reading.sequence(value, where, least=1):
        found = reading.exact_keys(entry, ("kind", "value"), where)
        kind = reading.one_of(found["kind"], CHANNELS, where)
        channels.append(Channel(kind, reading.text(found["value"], where)))
    return tuple(sorted(channels, key=lambda channel: channel.kind not in _QUIET))


def _matching(pattern: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise BundleError(f"{where}: not well formed")
    return value
