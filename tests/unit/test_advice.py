"""Advice, help cards and indicators: what is picked, and what a faulty file is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safelight import Assessment, BundleError, Guard, Level, Reason, Stage
from safelight.indicators import parse_indicators
from safelight.taxonomy import INDICATORS

TODAY = date(2026, 2, 1)


def assessment(guard: Guard, stage: Stage, *shown: str) -> Assessment:
    reasons = tuple(Reason(f"m{index}", name) for index, name in enumerate(shown))
    return Assessment(Level.WARNING, True, stage, {}, {}, reasons, None, guard.book)


@pytest.mark.parametrize(
    ("stage", "shown", "key"),
    [
        (Stage.NONE, (), "none"),
        (Stage.TRUST, ("secrecy",), "trust"),
        (Stage.REQUEST, ("image_request",), "request"),
        (Stage.THREAT, ("share_threat",), "threat"),
        (Stage.AFTER, ("share_threat",), "after"),
        (Stage.CRISIS, ("share_threat",), "crisis_distress"),
        (Stage.CRISIS, ("share_threat", "coerced_task"), "crisis_task"),
        (Stage.CRISIS, ("coerced_task", "self_harm_push"), "crisis_self_harm"),
    ],
)
def test_the_stage_picks_the_words(
    guard: Guard, stage: Stage, shown: tuple[str, ...], key: str
) -> None:
    said = assessment(guard, stage, *shown).advice("en", today=TODAY)
    assert (said.title, said.stage) == (f"Title {key}", stage)


def test_advice_names_each_indicator_once(guard: Guard) -> None:
    said = assessment(guard, Stage.TRUST, "secrecy", "pressure", "secrecy").advice("en")
    assert said.noticed == ("name of secrecy", "name of pressure")
    assert (said.level, said.action, said.steps) == ("Warning", "Action", ("Step.",))
    assert (said.lines, said.can_be_wrong, said.review) == (("Line.",), "can be wrong", "none")


@pytest.mark.parametrize(
    ("audience", "stage", "title", "given"),
    [
        ("young", Stage.THREAT, "Title threat", "young"),
        ("adult", Stage.THREAT, "Adult title", "adult"),
        ("adult", Stage.TRUST, "Title trust", "young"),  # no words of its own for adults
    ],
)
def test_an_adult_may_choose_words_for_adults(
    guard: Guard, audience: str, stage: Stage, title: str, given: str
) -> None:
    said = assessment(guard, stage).advice("en", audience=audience, today=TODAY)
    assert (said.title, said.audience) == (title, given)
    assert [page.url for page in said.sources] == [f"https://www.example.com/{stage.value}"]


def test_words_are_for_the_young_unless_asked_otherwise(guard: Guard) -> None:
    assert assessment(guard, Stage.THREAT).advice("en").audience == "young"
    with pytest.raises(ValueError, match="one of young, adult"):
        assessment(guard, Stage.THREAT).advice("en", audience="parent")


def test_there_are_words_for_a_lock_screen_and_a_muted_chat(guard: Guard) -> None:
    ui = guard.book.words("en").ui
    assert (ui["discreet"], ui["muted_urgent"]) == ("discreet", "muted urgent")


@pytest.mark.parametrize(
    ("asked", "given"), [("en", "en"), ("en-GB", "en"), ("fr", "fr"), ("FR_ca", "fr"), ("zz", "en")]
)
def test_a_language_without_advice_falls_back_to_english(
    make_bundle: Callable[..., Path], tiny_files: dict[str, bytes], asked: str, given: str
) -> None:
    french = {**json.loads(tiny_files["advice/en.json"]), "language": "fr"}
    folder = make_bundle(files={"advice/fr.json": json.dumps(french).encode()})
    guard = Guard.load(folder, allow_unsigned=True)
    assert assessment(guard, Stage.TRUST).advice(asked).language == given


@pytest.mark.parametrize(
    ("country", "ids"),
    [
        # text before call; the purpose that no card of the country serves comes from the world
        ("AA", ["aa-text", "aa-line", "world-report"]),
        ("aa", ["aa-text", "aa-line", "world-report"]),
        ("BB", ["world-talk", "world-report"]),  # its only card serves another purpose
        ("ZZ", ["world-talk", "world-report"]),
        (None, ["world-talk", "world-report"]),
        ("*", ["world-talk", "world-report"]),
    ],
)
def test_cards_by_country(guard: Guard, country: str | None, ids: list[str]) -> None:
    cards = assessment(guard, Stage.THREAT).advice("en", country, today=TODAY).cards
    assert [card.id for card in cards] == ids


def test_within_a_card_text_comes_before_a_call(guard: Guard) -> None:
    card = assessment(guard, Stage.THREAT).advice("en", "AA", today=TODAY).cards[0]
    assert [channel.kind for channel in card.channels] == ["text", "call"]


@pytest.mark.parametrize(
    ("today", "fresh"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),  # 180 days
        (date(2026, 7, 1), False),
        (date(2025, 12, 31), False),  # a page from the future, or a wrong clock
    ],
)
def test_an_old_card_says_so(guard: Guard, today: date, fresh: bool) -> None:
    card = assessment(guard, Stage.THREAT).advice("en", "AA", today=today).cards[0]
    assert card.freshness == ("" if fresh else "not recently checked")


def test_a_card_without_a_date_says_so(guard: Guard) -> None:
    card = assessment(guard, Stage.THREAT).advice("en", today=TODAY).cards[0]
    assert (card.page_date, card.freshness) == (None, "not recently checked")


@pytest.mark.parametrize(
    ("card", "language", "before"),
    [
        ("aa-line", "en", ("unknown text", "call text")),
        ("aa-line", "fr", ("texte unknown", "texte call")),
        ("aa-line", "de", ("unknown text", "call text")),  # no German: English
        ("aa-text", "en", ("unknown text", "text text", "call text")),  # as the channels stand
        ("world-report", "en", ("no text", "call text")),
    ],
)
def test_before_the_tap_stand_anonymity_and_the_traces_of_each_channel(
    guard: Guard, card: str, language: str, before: tuple[str, ...]
) -> None:
    service = next(s for s in guard.book.resources.services if s.id == card)
    shown = service.card(language, TODAY, "x")
    assert shown.before == before
    assert shown.before_title == ("Avant" if language == "fr" else "Before")


def test_two_numbers_of_a_kind_leave_their_trace_once(guard: Guard) -> None:
    service = guard.book.resources.services[0]
    service = replace(service, channels=service.channels * 2)
    assert service.card("en", TODAY, "x").before == ("unknown text", "call text")


def test_a_card_says_what_it_is_for(guard: Guard) -> None:
    shown = [s.card("fr", TODAY, "x").use for s in guard.book.resources.services]
    assert shown == [("texte talk",)] * 2 + [
        ("texte emergency",),
        ("texte talk",),
        ("texte report",),
    ]


@pytest.mark.parametrize(
    ("today", "stale"),
    [
        (date(2026, 6, 30), ["world-talk", "world-report"]),  # no date; of 2025
        (date(2026, 7, 1), ["aa-line", "aa-text", "bb-police", "world-talk", "world-report"]),
    ],
)
def test_stale_cards_are_listed(guard: Guard, today: date, stale: list[str]) -> None:
    assert [service.id for service in guard.book.resources.stale(today)] == stale


def test_texts_of_a_card_fall_back_to_english(guard: Guard) -> None:
    service = guard.book.resources.services[0]
    service = replace(service, note={"en": "Free.", "fr": "Gratuit."}, hours={})
    notes = {code: service.card(code, TODAY, "x").note for code in ("fr", "de")}
    assert notes == {"fr": "Gratuit.", "de": "Free."}
    assert service.card("de", TODAY, "x").hours == ""


def test_indicators_are_described(guard: Guard) -> None:
    assert tuple(guard.indicators) == INDICATORS
    secrecy = guard.indicators["secrecy"]
    assert (secrecy.name("fr"), secrecy.description("en")) == ("secrecy", "One.")
    assert secrecy.sources[0].publisher == "Example"


def edited(data: bytes, path: str, value: object) -> bytes:
    content = json.loads(data)
    *parents, last = (int(key) if key.isdigit() else key for key in path.split("."))
    place: Any = content
    for key in parents:
        place = place[key]
    place[last] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("file", "path", "value", "words"),
    [
        ("advice/en.json", "format", 3, "newer"),
        ("advice/en.json", "format", 1, "older"),
        ("advice/en.json", "language", "fr", "file's name"),
        ("advice/en.json", "review", "perfect", "must be one of"),
        ("advice/en.json", "stages.trust.young.title", "x" * 81, "at most 80"),
        ("advice/en.json", "stages.trust.young.lines", [], "1 to 4"),
        ("advice/en.json", "stages.trust.young.action", " ", "without blanks"),
        ("advice/en.json", "stages.panic", {}, "not known"),
        ("advice/en.json", "stages.trust", {"sources": []}, "'young' is missing"),
        ("advice/en.json", "stages.trust.parent", {}, "not known"),
        ("advice/en.json", "stages.threat.adult", {}, "missing"),
        ("advice/en.json", "stages.trust.sources", [], "1 to 20"),
        ("advice/en.json", "stages.trust.sources.0.url", "http://example.com", "https"),
        ("advice/en.json", "stages.trust.sources.0.title", "x", "not known"),
        ("advice/en.json", "ui.discreet", "", "without blanks"),
        ("advice/en.json", "levels", {"none": "a"}, "missing"),
        ("advice/en.json", "indicator_names.secrecy", "", "without blanks"),
        ("advice/en.json", "ui.extra", "x", "not known"),
        ("resources.json", "format", 3, "newer"),
        ("resources.json", "cards", [], "entries"),
        ("resources.json", "cards.1.id", "aa-line", "repeated"),
        ("resources.json", "cards.0.countries", ["gb"], "not well formed"),
        ("resources.json", "cards.0.countries", ["*", "GB"], "not well formed"),
        ("resources.json", "cards.0.channels", [], "entries"),
        ("resources.json", "cards.0.channels.0.kind", "fax", "must be one of"),
        ("resources.json", "cards.0.purposes", ["talk", "talk"], "repeated"),
        ("resources.json", "cards.0.source", "http://example.com", "https"),
        ("resources.json", "cards.0.page_date", "2026-1-1", "must be a date"),
        ("resources.json", "cards.0.page_date", "2026-02-30", "must be a date"),
        ("resources.json", "cards.0.note", {"fr": "Gratuit."}, "'en' is missing"),
        ("resources.json", "cards.0.verification", "memory", "must be one of"),
        ("resources.json", "cards.0.anonymous", "yes", "true, false or null"),
        ("resources.json", "cards.0.anonymous", True, "https"),  # without the page that says so
        ("resources.json", "cards.4.anonymous", None, "must be null"),
        ("resources.json", "words.before", {}, "'en' is missing"),
        ("resources.json", "words.channels.call", {"fr": "L'appel reste."}, "'en' is missing"),
        ("resources.json", "words.channels.fax", {"en": "x"}, "not known"),
        ("resources.json", "words.anonymous.maybe", {"en": "x"}, "not known"),
        ("resources.json", "words.purposes", {"talk": {"en": "x"}}, "missing"),
        ("resources.json", "purposes.threat", ["chat"], "must be one of"),
        ("guides/en.json", "format", 2, "newer"),
        ("guides/en.json", "language", "fr", "file's name"),
        ("guides/en.json", "review", "perfect", "must be one of"),
        ("guides/en.json", "guides", [], "in this order"),
        ("guides/en.json", "guides.0.id", "caregiver", "in this order"),
        ("guides/en.json", "guides.0.id", "before", "must be one of"),
        ("guides/en.json", "guides.1.sections", [], "1 to 12"),
        ("guides/en.json", "guides.0.sections.0.lines", [], "1 to 8"),
        ("guides/en.json", "guides.0.sections.0.heading", "", "without blanks"),
        ("guides/en.json", "guides.0.sections.0.sources", ["ftp://x"], "https"),
        ("guides/en.json", "guides.0.sections.0.sources", [], "has no source"),
        ("indicators.json", "format", 2, "newer"),
        ("indicators.json", "indicators.0.id", "swearing", "ids differ"),
        ("indicators.json", "indicators.0.sources", [], "entries"),
        ("indicators.json", "indicators.0.description", {}, "'en' is missing"),
        ("indicators.json", "indicators.0.sources.0.url", "ftp://x", "https"),
    ],
)
def test_faulty_content_is_refused_by_name(
    make_bundle: Callable[..., Path],
    tiny_files: dict[str, bytes],
    file: str,
    path: str,
    value: object,
    words: str,
) -> None:
    folder = make_bundle(files={file: edited(tiny_files[file], path, value)})
    with pytest.raises(BundleError, match=words) as refused:
        Guard.load(folder, allow_unsigned=True)
    assert str(refused.value).startswith(file)


def test_an_indicator_too_few(tiny_files: dict[str, bytes]) -> None:
    content = json.loads(tiny_files["indicators.json"])
    content["indicators"].pop()
    with pytest.raises(BundleError, match="ids differ"):
        parse_indicators(json.dumps(content).encode())
