"""What each indicator means and where that is said in public: indicators.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safelight import reading
from safelight.by_language import pick
from safelight.reading import BundleError
from safelight.taxonomy import INDICATORS

FORMAT = 1
_WHERE = "indicators.json"


@dataclass(frozen=True)
class Source:
    """A public page on which an indicator rests. url: None where nobody here has read the page."""

    title: str
    url: str | None
    publisher: str


@dataclass(frozen=True)
class Indicator:
    """One indicator: names and one-sentence descriptions by language code, English always there."""

    id: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    sources: tuple[Source, ...]

    def name(self, language: str) -> str:
        """Return the short name, in English where the language has none."""
        return pick(self.names, language)

    def description(self, language: str) -> str:
        """Return the one-sentence description, in English where the language has none."""
        return pick(self.descriptions, language)


def parse_indicators(data: bytes) -> dict[str, Indicator]:
    """Read indicators.json: id → Indicator, in the order of taxonomy.INDICATORS."""
    raw = reading.exact_keys(reading.parse_json(data, _WHERE), ("format", "indicators"), _WHERE)
    reading.check_format(raw, FORMAT, _WHERE)
    entries = [
        _indicator(entry, f"{_WHERE}: entry {index}")
        for index, entry in enumerate(reading.sequence(raw["indicators"], f"{_WHERE}: indicators"))
    ]
    if tuple(entry.id for entry in entries) != INDICATORS:
        raise BundleError(f"{_WHERE}: the ids differ from the list that safelight knows")
    return {entry.id: entry for entry in entries}


def _indicator(value: Any, where: str) -> Indicator:
    found = reading.exact_keys(value, ("id", "name", "description", "sources"), where)
    sources = reading.sequence(found["sources"], f"{where}: sources", least=1)
    return Indicator(
        id=reading.text(found["id"], f"{where}: id"),
        names=reading.translations(found["name"], f"{where}: name"),
        descriptions=reading.translations(found["description"], f"{where}: description"),
        sources=tuple(_source(source, f"{where}: sources") for source in sources),
    )


def _source(value: Any, where: str) -> Source:
    found = reading.exact_keys(value, ("title", "url", "publisher"), where)
    return Source(
        title=reading.text(found["title"], f"{where}: title"),
        url=None if found["url"] is None else reading.https(found["url"], f"{where}: url"),
        publisher=reading.text(found["publisher"], f"{where}: publisher"),
    )
