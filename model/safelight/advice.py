"""Fixed, reviewed advice: advice/<lang>.json, picked by stage. Nothing is generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safelight import reading
from safelight.card_words import CHANNELS
from safelight.reading import BundleError
from safelight.resources import STAGE_KEYS, HelpCard, Resources, parse_resources
from safelight.taxonomy import INDICATORS
from safelight.types import Assessment, Level, Stage

FORMAT = 1
#: The language that every bundle has, and to which all others fall back.
FALLBACK = "en"
REVIEWS = ("none", "native", "practitioner")
_FIELDS = ("format", "language", "review", "levels", "ui", "indicator_names", "stages")
_WORDS = ("noticed", "get_help", "can_be_wrong", "not_recently_checked", *CHANNELS)


@dataclass(frozen=True)
class Advice:
    """What to say after a message, in one language.

    level: the name of the level as shown. noticed: the names of the indicators among the
    reasons, each once. action: the one main action; steps: what may follow, in order.
    can_be_wrong: the honest limit. review: "none", "native" or "practitioner", of these words.
    language: of these words; not the one asked for where that one has none. At level notice an
    app shows title and action only.
    """

    level: str
    stage: Stage
    title: str
    lines: tuple[str, ...]
    noticed: tuple[str, ...]
    action: str
    steps: tuple[str, ...]
    can_be_wrong: str
    cards: tuple[HelpCard, ...]
    review: str
    language: str


@dataclass(frozen=True)
class StageWords:
    """The words of one stage."""

    title: str
    lines: tuple[str, ...]
    action: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """One advice file. levels: by label. ui: fixed words by key. stages: by STAGE_KEYS."""

    language: str
    review: str
    levels: Mapping[str, str]
    ui: Mapping[str, str]
    indicator_names: Mapping[str, str]
    stages: Mapping[str, StageWords]


@dataclass(frozen=True)
class AdviceBook:
    """All advice of a bundle, by language, and its help cards."""

    by_language: Mapping[str, Words]
    resources: Resources

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> AdviceBook:
        """Read every advice/<lang>.json and resources.json; BundleError on the first fault."""
        by_language = {}
        for name, data in files.items():
            if name.startswith("advice/"):
                words = parse_words(data, name)
                by_language[words.language] = words
        return cls(by_language, parse_resources(files["resources.json"]))

    def words(self, language: str) -> Words:
        """Return the words of a language ("fr", "fr-CA"), or of English where there are none."""
        return self.by_language.get(language.lower()[:2], self.by_language[FALLBACK])

    def advice(
        self, assessment: Assessment, language: str, country: str | None, today: date
    ) -> Advice:
        """Return the advice for an assessment; see Assessment.advice."""
        words = self.words(language)
        key = stage_key(assessment)
        said = words.stages[key]
        shown = dict.fromkeys(reason.indicator for reason in assessment.reasons)
        not_recent = words.ui["not_recently_checked"]
        return Advice(
            level=words.levels[assessment.level.label],
            stage=assessment.stage,
            title=said.title,
            lines=said.lines,
            noticed=tuple(words.indicator_names[name] for name in shown),
            action=said.action,
            steps=said.steps,
            can_be_wrong=words.ui["can_be_wrong"],
            cards=tuple(
                service.card(words.language, today, not_recent)
                for service in self.resources.choose(key, country.upper() if country else None)
            ),
            review=words.review,
            language=words.language,
        )


def stage_key(assessment: Assessment) -> str:
    """Return which of STAGE_KEYS fits: a crisis is told apart by its reasons, self-harm first."""
    if assessment.stage != Stage.CRISIS:
        return str(assessment.stage.value)
    indicators = {reason.indicator for reason in assessment.reasons}
    if "self_harm_push" in indicators:
        return "crisis_self_harm"
    return "crisis_task" if "coerced_task" in indicators else "crisis_distress"


def parse_words(data: bytes, where: str) -> Words:
    """Read one advice file; `where` is its name in the bundle, which must match its language."""
    raw = reading.exact_keys(reading.parse_json(data, where), _FIELDS, where)
    reading.check_format(raw, FORMAT, where)
    language = reading.language(raw["language"], f"{where}: language")
    if where != f"advice/{language}.json":
        raise BundleError(f"{where}: language is not that of the file's name")
    stages = reading.exact_keys(raw["stages"], STAGE_KEYS, f"{where}: stages")
    labels = tuple(level.label for level in Level)
    return Words(
        language=language,
        review=reading.one_of(raw["review"], REVIEWS, f"{where}: review"),
        levels=_texts(raw["levels"], labels, f"{where}: levels"),
        ui=_texts(raw["ui"], _WORDS, f"{where}: ui"),
        indicator_names=_texts(raw["indicator_names"], INDICATORS, f"{where}: indicator_names"),
        stages={key: _stage_words(stages[key], f"{where}: stages.{key}") for key in STAGE_KEYS},
    )


def _texts(value: Any, keys: tuple[str, ...], where: str) -> dict[str, str]:
    found = reading.exact_keys(value, keys, where)
    return {key: reading.text(found[key], f"{where}.{key}") for key in keys}


def _stage_words(value: Any, where: str) -> StageWords:
    found = reading.exact_keys(value, ("title", "lines", "action", "steps"), where)
    return StageWords(
        title=reading.text(found["title"], f"{where}.title", most=80),
        lines=_lines(found["lines"], f"{where}.lines", least=1, most=4),
        action=reading.text(found["action"], f"{where}.action", most=80),
        steps=_lines(found["steps"], f"{where}.steps", least=0, most=6),
    )


def _lines(value: Any, where: str, *, least: int, most: int) -> tuple[str, ...]:
    entries = reading.sequence(value, where, least=least, most=most)
    return tuple(reading.text(entry, where) for entry in entries)
