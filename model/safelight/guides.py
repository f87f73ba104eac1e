"""Pages of fixed text: what helps after it happened, and a page for parents and carers.

They know nothing of any chat. guides/<lang>.json, English always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safelight import reading
from safelight.advice import REVIEWS
from safelight.by_language import pick
from safelight.reading import BundleError

FORMAT = 1
#: "after": for the young person. "caregiver": for parents and carers, who see no chats.
GUIDES = ("after", "caregiver")


@dataclass(frozen=True)
class Section:
    """A part of a guide. sources: the public pages on which its facts rest; may be empty."""

    heading: str
    lines: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """A page in one language. id: one of GUIDES. review: "none", "native" or "practitioner"."""

    id: str
    title: str
    sections: tuple[Section, ...]
    review: str
    language: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of the page, each once."""
        return tuple(dict.fromkeys(s for section in self.sections for s in section.sources))


@dataclass(frozen=True)
class GuideBook:
    """All guides of a bundle: language → id → guide."""

    by_language: Mapping[str, Mapping[str, Guide]]

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> GuideBook:
        """Read every guides/<lang>.json; BundleError on the first fault."""
        found = {}
        for name, data in files.items():
            if name.startswith("guides/"):
                guides = parse_guides(data, name)
                found[guides[GUIDES[0]].language] = guides
        return cls(found)

    def guide(self, id: str, language: str) -> Guide:
        """Return a guide in a language ("fr", "fr-CA"), or in English where there is none."""
        if id not in GUIDES:
            raise ValueError(f"id must be one of {', '.join(GUIDES)}")
        found = pick(self.by_language, language)
        return found[id]


def parse_guides(data: bytes, where: str) -> dict[str, Guide]:
    """Read one file; `where` is its name in the bundle, which must match its language."""
    raw = reading.exact_keys(
        reading.parse_json(data, where), ("format", "language", "review", "guides"), where
    )
    reading.check_format(raw, FORMAT, where)
    language = reading.language(raw["language"], f"{where}: language")
    if where != f"guides/{language}.json":
        raise BundleError(f"{where}: language is not that of the file's name")
    review = reading.one_of(raw["review"], REVIEWS, f"{where}: review")
    entries = reading.sequence(raw["guides"], f"{where}: guides")
    guides = [
        _guide(entry, review, language, f"{where}: guide {index}")
        for index, entry in enumerate(entries)
    ]
    if tuple(guide.id for guide in guides) != GUIDES:
        raise BundleError(f"{where}: guides must be {', '.join(GUIDES)}, in this order")
    return {guide.id: guide for guide in guides}


def _guide(value: Any, review: str, language: str, where: str) -> Guide:
    found = reading.exact_keys(value, ("id", "title", "sections"), where)
    sections = reading.sequence(found["sections"], f"{where}: sections", least=1, most=12)
    guide = Guide(
        id=reading.one_of(found["id"], GUIDES, f"{where}: id"),
        title=reading.text(found["title"], f"{where}: title", most=80),
        sections=tuple(
            _section(section, f"{where}: section {index}") for index, section in enumerate(sections)
        ),
        review=review,
        language=language,
    )
    if not guide.sources:
        raise BundleError(f"{where}: has no source")
    return guide


def _section(value: Any, where: str) -> Section:
    found = reading.exact_keys(value, ("heading", "lines", "sources"), where)
    lines = reading.sequence(found["lines"], f"{where}: lines", least=1, most=8)
    sources = reading.sequence(found["sources"], f"{where}: sources")
    return Section(
        heading=reading.text(found["heading"], f"{where}: heading", most=80),
        lines=tuple(reading.text(line, f"{where}: lines") for line in lines),
        sources=tuple(reading.https(source, f"{where}: sources") for source in sources),
    )
