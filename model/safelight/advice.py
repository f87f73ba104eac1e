"""Fixed advice: advice/<lang>.json, picked by stage and audience. Nothing is generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from safelight import reading
from safelight.by_language import pick
from safelight.card_words import CHANNELS
from safelight.reading import BundleError
from safelight.resources import STAGE_KEYS, HelpCard, Resources, parse_resources
from safelight.taxonomy import INDICATORS
from safelight.types import Assessment, Level, Stage

FORMAT = 2
REVIEWS = ("none", "native", "practitioner")
#: For whom the words of a stage are; those for young people are always there.
YOUNG, ADULT = AUDIENCES = ("young", "adult")
_FIELDS = ("format", "language", "review", "levels", "ui", "indicator_names", "stages")
_WORDS = (
    "noticed",
    "get_help",
    "can_be_wrong",
    "not_recently_checked",
    "discreet",
    "muted_urgent",
    *CHANNELS,
)


@dataclass(frozen=True)
class Page:
    """A public page on which advice rests. publisher: who says it, and where if elsewhere."""

    publisher: str
    url: str


@dataclass(frozen=True)
class Advice:
    """What to say after a message, in one language.

    level: the name of the level as shown. noticed: the names of the indicators among the
    reasons, each once. action: the one main action; steps: what may follow, in order.
    can_be_wrong: the honest limit. sources: public pages on which the words of the stage rest.
    review: "none", "native" or "practitioner", of these words. language and audience: of these
    words; not the ones asked for where there are none. At level notice an app shows title and
    action only.
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
    sources: tuple[Page, ...]
    review: str
    language: str
    audience: str


@dataclass(frozen=True)
class StageWords:
    """The words of one stage for one audience."""

    title: str
    lines: tuple[str, ...]
    action: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class StageAdvice:
    """One stage. by_audience: YOUNG always, ADULT where it has words of its own."""

    by_audience: Mapping[str, StageWords]
    sources: tuple[Page, ...]


@dataclass(frozen=True)
class Words:
    """One advice file. levels: by label. ui: fixed words by key. stages: by STAGE_KEYS.

    ui["discreet"] and ui["muted_urgent"] give no hint of what it is about: the one for a lock
    screen, the other for a line that stays closed in a muted chat at level urgent.
    """

    language: str
    review: str
    levels: Mapping[str, str]
    ui: Mapping[str, str]
    indicator_names: Mapping[str, str]
    stages: Mapping[str, StageAdvice]


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
        return pick(self.by_language, language)

    def advice(
        self,
        assessment: Assessment,
        language: str,
        country: str | None,
        today: date,
        audience: str = YOUNG,
    ) -> Advice:
        """Return the advice for an assessment; see Assessment.advice."""
        if audience not in AUDIENCES:
            raise ValueError(f"audience must be one of {', '.join(AUDIENCES)}")
        words = self.words(language)
        key = stage_key(assessment)
        stage = words.stages[key]
        given = audience if audience in stage.by_audience else YOUNG
        said = stage.by_audience[given]
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
            sources=stage.sources,
            review=words.review,
            language=words.language,
            audience=given,
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
    reading.check_format(raw, FORMAT, where, oldest=FORMAT)
    language = reading.language(raw["language"], f"{where}: language")
    if where != f"advice/{language}.json":
        raise BundleError(f"{where}: language is not that of the file's name")
    stages = reading.exact_keys(raw["stages"], STAGE_KEYS, f"{where}: stages")
    labels = tuple(level.label for level in Level)
    return Words(
        language=language,
        review=reading.one_of(raw["review"], REVIEWS, f"{where}: review"),
        levels=reading.texts(raw["levels"], labels, f"{where}: levels"),
        ui=reading.texts(raw["ui"], _WORDS, f"{where}: ui"),
        indicator_names=reading.texts(
            raw["indicator_names"], INDICATORS, f"{where}: indicator_names"
        ),
        stages={key: _stage(stages[key], f"{where}: stages.{key}") for key in STAGE_KEYS},
    )


def _stage(value: Any, where: str) -> StageAdvice:
    audiences = AUDIENCES if ADULT in reading.mapping(value, where) else (YOUNG,)
    found = reading.exact_keys(value, (*audiences, "sources"), where)
    pages = reading.sequence(found["sources"], f"{where}.sources", least=1, most=20)
    return StageAdvice(
        by_audience={name: _stage_words(found[name], f"{where}.{name}") for name in audiences},
        sources=tuple(_page(page, f"{where}.sources") for page in pages),
    )


def _page(value: Any, where: str) -> Page:
    found = reading.exact_keys(value, ("publisher", "url"), where)
    return Page(
        publisher=reading.text(found["publisher"], f"{where}: publisher", most=80),
        url=reading.https(found["url"], f"{where}: url"),
    )


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
