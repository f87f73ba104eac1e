"""What a tiny bundle holds beside its model: advice, help cards, indicators, guides; in English."""

from __future__ import annotations

from typing import Any

from safelight.advice import STAGE_KEYS
from safelight.taxonomy import INDICATORS


def advice() -> dict[str, Any]:
    def words(title: str) -> dict[str, Any]:
        return {"title": title, "lines": ["Line."], "action": "Action", "steps": ["Step."]}

    def stage(key: str) -> dict[str, Any]:
        source = {"publisher": "Example", "url": f"https://www.example.com/{key}"}
        return {"young": words(f"Title {key}"), "sources": [source]}

    stages = {key: stage(key) for key in STAGE_KEYS}
    stages["threat"]["adult"] = words("Adult title")
    ui = ("noticed", "get_help", "can_be_wrong", "not_recently_checked", "discreet", "muted_urgent")
    ways = ("chat", "text", "call", "web", "email", "app")
    return {
        "format": 2,
        "language": "en",
        "review": "none",
        "levels": {name: name.title() for name in ("none", "notice", "warning", "urgent")},
        "ui": {key: key.replace("_", " ") for key in (*ui, *ways)},
        "indicator_names": {name: f"name of {name}" for name in INDICATORS},
        "stages": stages,
    }


def _card(id: str, countries: list[str], purposes: list[str], **changes: Any) -> dict[str, Any]:
    card = {
        "id": id,
        "countries": countries,
        "name": id.title(),
        "purposes": purposes,
        "channels": [{"kind": "call", "value": "555-0100"}],
        "languages": ["en"],
        "serves": {},
        "hours": {},
        "note": {"en": "Free."},
        "source": "https://www.example.com/help",
        "page_date": "2026-01-01",
        "verification": "primary",
        "anonymous": None,
        "anonymous_source": None,
    }
    return {**card, **changes}


def card_words() -> dict[str, Any]:
    def texts(*keys: str) -> dict[str, Any]:
        return {key: {"en": f"{key} text", "fr": f"texte {key}"} for key in keys}

    return {
        "before": {"en": "Before", "fr": "Avant"},
        "purposes": texts("talk", "report", "remove", "emergency"),
        "channels": texts("chat", "text", "call", "web", "email", "app"),
        "anonymous": texts("yes", "no", "unknown"),
    }


def resources() -> dict[str, Any]:
    text_too = [{"kind": "call", "value": "555-0101"}, {"kind": "text", "value": "555-0102"}]
    said = {"anonymous": False, "anonymous_source": "https://www.example.com/privacy"}
    return {
        "format": 2,
        "words": card_words(),
        "purposes": {key: ["talk", "report"] for key in STAGE_KEYS},
        "cards": [
            _card("aa-line", ["AA"], ["talk"]),
            _card("aa-text", ["AA"], ["talk"], channels=text_too),
            _card("bb-police", ["BB"], ["emergency"]),
            _card("world-talk", ["*"], ["talk"], page_date=None),
            _card("world-report", ["*"], ["report"], page_date="2025-01-01", **said),
        ],
    }


def indicators() -> dict[str, Any]:
    source = {"title": "Page", "url": "https://www.example.com/signs", "publisher": "Example"}
    return {
        "format": 1,
        "indicators": [
            {"id": id, "name": {"en": id}, "description": {"en": "One."}, "sources": [source]}
            for id in INDICATORS
        ],
    }


def guides() -> dict[str, Any]:
    def guide(id: str) -> dict[str, Any]:
        section = {
            "heading": f"Heading {id}",
            "lines": ["Line one.", "Line two."],
            "sources": ["https://www.example.com/guide"],
        }
        return {"id": id, "title": f"Title {id}", "sections": [section]}

    guides = [guide("after"), guide("caregiver")]
    return {"format": 1, "language": "en", "review": "none", "guides": guides}
