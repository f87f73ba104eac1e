"""The fixed words of the bundle: complete, kind, easy to read, and every contact has a source."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import safelight
from safelight.advice import parse_words
from safelight.resources import PURPOSES, STAGE_KEYS, parse_resources
from safelight.taxonomy import INDICATORS

BUNDLE = Path(safelight.__file__).parent / "bundle"
FRICTION = json.loads((BUNDLE.parent / "words" / "friction.json").read_text("utf-8"))["languages"]
LANGUAGES = tuple(sorted(path.stem for path in (BUNDLE / "advice").glob("*.json")))
LINTED = ("en", "fr")


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((BUNDLE / name).read_text(encoding="utf-8"))
    return found


ADVICE = {language: load(f"advice/{language}.json") for language in LANGUAGES}
CARDS = load("resources.json")["cards"]
PRODUCT_LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")
ENTRIES = load("indicators.json")["indicators"]


def plain(text: str) -> str:
    """Lower case, straight apostrophes, ordinary spaces: what the lint tables are written in."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'"))


def stage_texts(language: str, stage: str) -> list[str]:
    words = ADVICE[language]["stages"][stage]
    return [words["title"], *words["lines"], words["action"], *words["steps"]]


def stage_text(language: str, stage: str) -> str:
    return plain(" ".join(stage_texts(language, stage)))


def asked_texts(language: str) -> list[str]:
    """The neutral line and the questions of friction."""
    words = FRICTION[language]
    asks = [*words["send"].values(), *words["arrive"].values()]
    return [words["line"], words["stay"], *(ask[key] for ask in asks for key in ask)]


def own_texts(language: str) -> Iterator[str]:
    """Every text that Safelight itself says in a language; names of services and pages are not."""
    words = ADVICE[language]
    for part in ("levels", "ui", "indicator_names"):
        yield from words[part].values()
    for stage in STAGE_KEYS:
        yield from stage_texts(language, stage)
    for card in CARDS:
        for part in ("serves", "hours", "note"):
            if language in card[part]:
                yield card[part][language]
    for entry in ENTRIES:
        yield entry["name"][language]
        yield entry["description"][language]
    yield from asked_texts(language)


# Structure ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_loader_takes_the_advice(language: str) -> None:
    name = f"advice/{language}.json"
    assert parse_words((BUNDLE / name).read_bytes(), name).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_and_every_indicator_has_words(language: str) -> None:
    assert tuple(ADVICE[language]["stages"]) == STAGE_KEYS
    assert tuple(ADVICE[language]["indicator_names"]) == INDICATORS


def test_the_loader_takes_the_cards() -> None:
    resources = parse_resources((BUNDLE / "resources.json").read_bytes())
    assert len(resources.services) == len(CARDS)


def test_indicators_are_those_of_the_taxonomy_in_its_order() -> None:
    assert tuple(entry["id"] for entry in ENTRIES) == INDICATORS
    for entry in ENTRIES:
        assert set(entry) == {"id", "name", "description", "sources"}
        assert set(entry["name"]) == set(entry["description"]) == set(PRODUCT_LANGUAGES)
        for language, description in entry["description"].items():
            assert re.fullmatch(r"[^.!?。]+[.。]", description), (entry["id"], language)


def test_every_indicator_names_a_public_source() -> None:
    for entry in ENTRIES:
        assert entry["sources"], entry["id"]
        for source in entry["sources"]:
            assert set(source) == {"title", "url", "publisher"}
            assert source["title"] and source["publisher"]
            assert source["url"] is None or re.fullmatch(r"https://\S+", source["url"])


def test_only_these_indicators_rest_on_a_page_that_nobody_could_read() -> None:
    unread = {e["id"] for e in ENTRIES if all(s["url"] is None for s in e["sources"])}
    assert unread == {"risk_check"}


def test_texts_are_nfc_trimmed_and_short() -> None:
    for language in LANGUAGES:
        for text in own_texts(language):
            assert text == unicodedata.normalize("NFC", text).strip(), text
            assert 0 < len(text) <= 400, text


def test_no_review_is_claimed_that_did_not_happen() -> None:
    assert {words["review"] for words in ADVICE.values()} == {"none"}


# Copy lint ------------------------------------------------------------------------------------

#: What no text of Safelight may say. Written in the form of `plain`.
BANNED = {
    "en": (
        r"should(n't| not) have",
        r"why did you",
        r"you (knew|let them|were careless|asked for)",
        r"(?<!not )your (own )?fault",
        r"predator|groomer|p(a)?edophile|victim|offender|pervert|criminal|creep",
        r"\b(stupid|naive|foolish|silly|dirty|shame|ashamed|blame)\b",
        r"this person is|they are (dangerous|lying|not real)",
        r"\b(sexy?|nudes?|naked|porn\w*)\b",
        r"\b(confront|threaten them|get back at|trap them|pretend to)\b",
        r"(?<!don't )(?<!if you )(?<!may )\bpay\b",
        r"\b(erase|wipe|clear) (the|your|this)",
    ),
    "fr": (
        r"n'aurais pas dû|aurais dû|tu as eu tort",
        r"pourquoi (as-tu|tu as|t'as)",
        r"(?<!pas )(?<!pas de )\bta faute",
        r"prédateur|pédophile|pervers|victime|agresseur|criminel|groomer",
        r"\b(bête|stupide|naïf|naïve|idiot|honte|coupable|imprudent)",
        r"cette personne est|c'est un (menteur|manipulateur)",
        r"\b(nue?s?|nudes?|porno\w*)\b",
        r"\b(affronte|confronte|menace-le|venge-toi|piège-le|fais semblant)\b",
        r"(?<!ne )\bpaie\b",
        r"\bsupprim|efface (la|le|les|ton|ta|tes|cette|ce|tout)\b",
    ),
}
#: The only text that may speak of deleting: what the other person asks for.
DELETE_IS_DESCRIBED_IN = {
    "en": "asks to keep the chat or the contact secret, or to delete it.",
    "fr": "demande de garder secrète la discussion ou la relation, ou de l'effacer.",
}


@pytest.mark.parametrize("language", LINTED)
@pytest.mark.parametrize("index", range(11))
def test_no_blame_no_accusation_no_bad_advice(language: str, index: int) -> None:
    if index < len(BANNED[language]):
        for text in own_texts(language):
            assert not re.search(BANNED[language][index], plain(text)), text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You should not have sent it."),
        ("en", "It is your fault."),
        ("en", "You talk to a predator."),
        ("en", "Pay and it stops."),
        ("fr", "Tu n’aurais pas dû répondre."),
        ("fr", "C’est ta faute."),
        ("fr", "Supprime la discussion."),
        ("fr", "Paie et ce sera fini."),
    ],
)
def test_the_lint_catches(language: str, text: str) -> None:
    assert any(re.search(pattern, plain(text)) for pattern in BANNED[language])


@pytest.mark.parametrize(("language", "word"), [("en", r"\bdelet"), ("fr", r"\beffac|supprim")])
def test_nobody_is_told_to_delete(language: str, word: str) -> None:
    found = {plain(text) for text in own_texts(language) if re.search(word, plain(text))}
    assert found == {DELETE_IS_DESCRIBED_IN[language]}


@pytest.mark.parametrize(
    ("language", "screenshot", "never"),
    [
        ("en", "screenshot", "never take one of private pictures"),
        ("fr", "capture", "jamais des photos intimes"),
    ],
)
def test_screenshots_are_never_of_private_pictures(
    language: str, screenshot: str, never: str
) -> None:
    texts = [plain(text) for text in own_texts(language) if screenshot in plain(text)]
    assert texts
    assert all(never in text for text in texts)


NOT_YOUR_FAULT = {"en": "not your fault", "fr": "pas ta faute"}
NOT_IN_TROUBLE = {"en": "you are not in trouble", "fr": "rien à te reprocher"}
MONEY = {"en": r"\bpay|\bpaid|money", "fr": r"\bpa(y|ie)|argent"}
WRONG = {"en": r"can be wrong", "fr": r"peut se tromper"}
MATCHES = {"en": "some things in this chat match", "fr": "certaines choses dans cette discussion"}


@pytest.mark.parametrize("language", LINTED)
def test_what_must_be_said(language: str) -> None:
    after_harm = ("threat", "after", "crisis_self_harm", "crisis_task", "crisis_distress")
    for stage in after_harm:
        assert NOT_YOUR_FAULT[language] in stage_text(language, stage), stage
    for stage in ("threat", "after", "crisis_distress"):
        assert NOT_IN_TROUBLE[language] in stage_text(language, stage), stage
        assert re.search(MONEY[language], stage_text(language, stage)), stage
    ui = ADVICE[language]["ui"]
    assert re.search(WRONG[language], plain(ui["can_be_wrong"]))
    assert plain(ui["noticed"]).startswith(MATCHES[language])


@pytest.mark.parametrize("language", LINTED)
@pytest.mark.parametrize("stage", ["crisis_self_harm", "crisis_task"])
def test_a_crisis_without_money_does_not_speak_of_money(language: str, stage: str) -> None:
    assert not re.search(MONEY[language], stage_text(language, stage))


@pytest.mark.parametrize("language", LINTED)
def test_title_and_action_stand_alone(language: str) -> None:
    """At level notice they are all that is shown: short, one action, no exclamation."""
    for stage in STAGE_KEYS:
        words = ADVICE[language]["stages"][stage]
        for text in (words["title"], words["action"]):
            assert len(text) <= 60 and "!" not in text, text
            assert not text.endswith("."), text


# Reading age ----------------------------------------------------------------------------------

HIGHEST_GRADE = 6.0  # of US schools: about eleven years old


def counts(texts: list[str]) -> tuple[int, int, int]:
    """Letters and digits, words, sentences; every text ends a sentence."""
    sentences = [s for text in texts for s in re.split(r"[.!?:]+", text) if s.strip()]
    words = [w for s in sentences for w in re.findall(r"[\w’'-]+", s)]
    return sum(c.isalnum() for w in words for c in w), len(words), len(sentences)


def coleman_liau(texts: list[str]) -> float:
    """0.0588 L - 0.296 S - 15.8: letters and sentences per 100 words, as a US grade.

    M. Coleman and T. L. Liau, "A computer readability formula designed for machine scoring",
    Journal of Applied Psychology 60 (1975), 283-284.
    """
    letters, words, sentences = counts(texts)
    return 0.0588 * 100 * letters / words - 0.296 * 100 * sentences / words - 15.8


def automated_readability_index(texts: list[str]) -> float:
    """4.71 characters per word + 0.5 words per sentence - 21.43, as a US grade.

    R. J. Senter and E. A. Smith, "Automated Readability Index", AMRL-TR-66-220, Wright-Patterson
    Air Force Base (1967).
    """
    letters, words, sentences = counts(texts)
    return 4.71 * letters / words + 0.5 * words / sentences - 21.43


def test_the_formulas_by_hand() -> None:
    """57 letters, 18 words, 3 sentences: 18.62 - 4.93 - 15.8 and 14.92 + 3 - 21.43."""
    texts = ["You can say no.", "Nobody has a right to a picture of you.", "Talk to a helper now."]
    assert counts(texts) == (57, 18, 3)
    assert coleman_liau(texts) == pytest.approx(-2.11, abs=0.01)
    assert automated_readability_index(texts) == pytest.approx(-3.51, abs=0.01)


def clauses() -> list[str]:
    return [f"In this chat, somebody {name}." for name in ADVICE["en"]["indicator_names"].values()]


READ = {
    **{f"stage {stage}": stage_texts("en", stage) for stage in STAGE_KEYS},
    "indicator names": clauses(),
    **{
        f"question {part} {kind}": [ask["title"], ask["text"]]
        for part in ("send", "arrive")
        for kind, ask in FRICTION["en"][part].items()
    },
    "notes on cards": [card["note"]["en"] for card in CARDS if card["note"]],
}


@pytest.mark.parametrize("part", READ)
def test_english_can_be_read_at_eleven(part: str) -> None:
    assert coleman_liau(READ[part]) <= HIGHEST_GRADE
    assert automated_readability_index(READ[part]) <= HIGHEST_GRADE


@pytest.mark.parametrize(("language", "most"), [("en", 16), ("fr", 20)])
def test_sentences_are_short(language: str, most: int) -> None:
    for stage in STAGE_KEYS:
        for text in stage_texts(language, stage):
            for sentence in re.split(r"[.!?:]+", text):
                assert len(re.findall(r"[\w’'-]+", sentence)) <= most, sentence


# Contacts -------------------------------------------------------------------------------------

_INFO_GOUV = (
    "https://www.info.gouv.fr/actualite/harcelement-agressions-violences-trois-numeros-pour-aider"
    "-les-enfants-en-danger"
)
_CHILDLINE = (
    "https://www.childline.org.uk/info-advice/bullying-abuse-safety/online-mobile-safety/"
    "support-something-happened-online/"
)
_CEOP = "https://www.thinkuknow.co.uk/11_13/help/CEOP/"
_988 = "https://988lifeline.org/get-help/what-to-expect"
_SKY = "https://tg24.sky.it/cronaca/2025/04/23/telefono-azzurro-numeri-intervento-giubileo"
_VILLETANEUSE = (
    "https://mairie-villetaneuse.fr/actualites/le-3018-un-numero-gratuit-et-une-app-pour-les-"
    "victimes-de-cyberharcelement"
)
_C3P = (
    "https://protectchildren.ca/en/press-and-media/news-releases/2024/"
    "sextortion-information-campaign"
)
_PKO = "https://www.protectkidsonline.ca/app/en/report_concerning_behaviour"
_NCAC = "https://www.nationalcac.org/steps-to-take-following-financial-sextortion/"
_HESSEN = (
    "https://hessenmetall.de/weitere-informationen/bezirksgruppen/offenbach-osthessen/news/"
    "beitrag/problemthema-cybergrooming.html"
)
_BUND = "https://www.bundesregierung.de/breg-de/aktuelles/hilfetelefon-sexueller-kindesmissbrauch-2275784"
_KIZUGAWA = "https://www.city.kizugawa.lg.jp/index.cfm/6,51998,40,181,html"
_YAMAGATA = (
    "https://www300.pref.yamagata.jp/800066/kensei/police/anzenjouhou/joseigyakutai/"
    "syounenhannzai.html"
)
_DOCSLIB = "https://docslib.org/doc/8525713/"
V, V2 = "primary", "secondary"
#: Every contact that may be shown: (card, value) -> how it was verified, and on which page.
#: From design/help_resources.md, rows [V] and [V2]; what is [M], [X] or in conflict is not here.
ALLOWED = {
    ("us-988", "988lifeline.org"): (V, _988),
    ("us-988", "988"): (V, _988),
    ("us-988", "AYUDA to 988"): (V, _988),
    ("us-crisis-text-line", "741741"): (V2, "https://internationalmentalhealth.org/resources/"),
    ("us-ncmec", "report.cybertip.org"): (V, _NCAC),
    ("us-ncmec", "1-800-843-5678"): (V, _NCAC),
    ("us-ncmec", "gethelp@ncmec.org"): (
        V2,
        "https://bucks.crimewatchpa.com/bedminstertwppd/118010/post/crime-prevention-financial-"
        "sextortion",
    ),
    ("us-fbi", "tips.fbi.gov"): (
        V2,
        "https://www.abc4.com/news/fbi-ramps-up-stopsextortion-campaign/",
    ),
    ("us-fbi", "1-800-225-5324"): (
        V2,
        "https://www.abc4.com/news/fbi-ramps-up-stopsextortion-campaign/",
    ),
    ("us-911", "911"): (
        V2,
        "https://www.bothellwa.gov/CivicAlerts.aspx?AID=582&amp%3BARC=1352",
    ),
    ("gb-childline", "childline.org.uk"): (V, _CHILDLINE),
    ("gb-childline", "0800 1111"): (V, _CHILDLINE),
    ("gb-report-remove", "childline.org.uk"): (
        V,
        "https://www.iwf.org.uk/what-we-do/why-we-exist/report-remove",
    ),
    ("gb-ceop", "ceop.police.uk/Safety-Centre"): (V, _CEOP),
    ("gb-999", "999"): (V2, _CEOP),
    ("ca-kids-help-phone", "CONNECT to 686868"): (V, "https://kidshelpphone.ca/text-about-it/"),
    ("ca-kids-help-phone", "1-800-668-6868"): (
        V2,
        "https://www.cbc.ca/news/health/mental-health-crisis-text-kids-help-phone-1.4894118",
    ),
    ("ca-cybertip", "cybertip.ca"): (V, _PKO),
    ("ca-cybertip", "cyberaide.ca"): (V, _PKO),
    ("ca-cybertip", "1-866-658-9022"): (V, _PKO),
    ("ca-needhelpnow", "needhelpnow.ca"): (V, _C3P),
    ("ca-needhelpnow", "aidezmoisvp.ca"): (V, _C3P),
    ("ca-911", "911"): (
        V2,
        "https://www.gnb.ca/en/topic/laws-safety/community-safety/911.html",
    ),
    ("fr-3018", "3018.fr"): (V2, _VILLETANEUSE),
    ("fr-3018", "3018"): (V2, _VILLETANEUSE),
    ("fr-119", "allo119.gouv.fr"): (V, _INFO_GOUV),
    ("fr-119", "119"): (V, _INFO_GOUV),
    ("fr-police", "17"): (V, _INFO_GOUV),
    ("fr-police", "112"): (V, _INFO_GOUV),
    ("fr-114", "114"): (V, _INFO_GOUV),
    ("de-nummer-gegen-kummer", "nummergegenkummer.de"): (
        V,
        "https://www.sozialspende.de/projekt/id/1203",
    ),
    ("de-nummer-gegen-kummer", "116 111"): (V, "https://www.sozialspende.de/projekt/id/1203"),
    ("de-juuuport", "juuuport.de"): (V, _HESSEN),
    ("de-hilfe-telefon", "0800 22 55 530"): (V, _BUND),
    ("it-telefono-azzurro", "azzurro.it"): (V, _SKY),
    ("it-telefono-azzurro", "19696"): (V, _SKY),
    ("it-114", "114.it"): (V, _SKY),
    ("it-114", "114"): (V, _SKY),
    ("it-polizia-postale", "commissariatodips.it"): (
        V,
        "https://www.psnews.it/2023/01/il-reato-di-sextortion-che-cose.html",
    ),
    ("it-clicca-e-segnala", "azzurro.it"): (
        V,
        "https://www.avvenire.it/per-telefono-azzurro-linee-attive-anche-a-natale_102484",
    ),
    ("jp-childline", "childline.or.jp/chat"): (V, "https://childline.or.jp/chat"),
    ("jp-childline", "0120-99-7777"): (V, "https://childline.or.jp/chat"),
    ("jp-24h-sos", "0120-0-78310"): (
        V,
        "https://www.mext.go.jp/a_menu/shotou/seitoshidou/1306988.htm",
    ),
    ("jp-jinken-110", "0120-007-110"): (
        V,
        "https://www.city.kanoya.lg.jp/shimin/zinken/kodomo.html",
    ),
    ("jp-189", "189"): (
        V,
        "https://www.pref.saitama.lg.jp/a0314/sainokuni/sainokuni-kensei-202511p06.html",
    ),
    ("jp-8891", "#8891"): (V, _KIZUGAWA),
    ("jp-8103", "#8103"): (V, _KIZUGAWA),
    ("jp-9110", "#9110"): (V, _YAMAGATA),
    ("jp-110", "110"): (V, "https://apple.com/jp/child-safety/rc-u13"),
    ("eu-116111", "116 111"): (V, "https://childhelplineinternational.org/15-years-of-116111/"),
    ("eu-116111", "childhelplineinternational.org"): (V2, _DOCSLIB),
    ("eu-112", "112"): (V2, "https://latuaeuropavercelli.eu/node/12411"),
    ("int-child-helplines", "childhelplineinternational.org"): (V2, _DOCSLIB),
    ("int-take-it-down", "takeitdown.ncmec.org"): (V, "https://takeitdown.ncmec.org/faq/"),
    ("int-stopncii", "stopncii.org"): (V2, "https://delist.ai/guides/sextortion-response"),
    ("int-iwf", "iwf.org.uk"): (V, "https://annualreport2022.iwf.org.uk/?p=705"),
}


def test_every_contact_is_on_the_list_and_the_list_holds_no_other() -> None:
    shown = {(card["id"], channel["value"]) for card in CARDS for channel in card["channels"]}
    assert shown == set(ALLOWED)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id"])
def test_a_card_is_as_sure_as_its_weakest_contact_and_cites_one_of_their_pages(card: Any) -> None:
    found = [ALLOWED[card["id"], channel["value"]] for channel in card["channels"]]
    assert card["verification"] == (V if all(mark == V for mark, _ in found) else V2)
    assert card["source"] in {page for _, page in found}
    assert card["source"].startswith("https://")


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card["id"])
def test_numbers_in_the_words_of_a_card_are_on_the_list_too(card: Any) -> None:
    """Numbers of three and more digits in notes; hours and ages have fewer, but for 24/365."""
    known = {re.sub(r"\D", "", value) for _, value in ALLOWED}
    for part in ("serves", "note"):
        for text in card[part].values():
            for number in re.findall(r"[#\d][\d \-]{2,}\d|\d{3,}", text):
                assert re.sub(r"\D", "", number) in known, text


@pytest.mark.parametrize(
    "unverified",
    [
        "HOME to 741741",
        "internet-signalement.gouv.fr",
        "0800 30 50 750",
        "findahelpline.com",
        "internethotline.jp",
        "116 000",
    ],
)
def test_what_was_never_verified_is_not_there(unverified: str) -> None:
    assert unverified not in (BUNDLE / "resources.json").read_text(encoding="utf-8")


#: Dates that a page carries itself, in its text or its address; all others are null.
PAGE_DATES = {
    "fr-119": "2023-09-22",
    "fr-police": "2023-09-22",
    "fr-114": "2023-09-22",
    "it-telefono-azzurro": "2025-04-23",
    "it-114": "2025-04-23",
    "it-polizia-postale": "2023-01-01",
    "jp-jinken-110": "2025-04-08",
    "jp-189": "2025-11-01",
}


def test_dates_are_those_of_the_pages() -> None:
    assert {c["id"]: c["page_date"] for c in CARDS if c["page_date"]} == PAGE_DATES
    assert all(date.fromisoformat(day).isoformat() == day for day in PAGE_DATES.values())


@pytest.mark.parametrize("country", ["US", "GB", "CA", "FR", "DE", "IT", "JP", "ES", "PT"])
def test_every_stage_offers_somebody_to_talk_to_and_a_crisis_an_emergency_number(
    country: str,
) -> None:
    resources = parse_resources((BUNDLE / "resources.json").read_bytes())
    for stage in STAGE_KEYS:
        served = {p for service in resources.choose(stage, country) for p in service.purposes}
        assert set(resources.purposes[stage]) <= served, stage
        assert resources.choose(stage, country)[0].purposes[0] != "emergency"


def test_purposes_exist_and_talking_comes_first() -> None:
    for purposes in load("resources.json")["purposes"].values():
        assert purposes[0] == "talk" and set(purposes) <= set(PURPOSES)


@pytest.mark.parametrize(
    ("card", "language", "words"),
    [
        ("gb-ceop", "en", ("not anonymous", "not for emergencies", "999")),
        ("gb-ceop", "fr", ("pas anonyme", "pas pour les urgences", "999")),
        ("int-take-it-down", "en", ("public", "on your device", "encrypted")),
        ("int-take-it-down", "fr", ("publics", "sur ton appareil", "chiffrées")),
        ("int-stopncii", "en", ("under 18",)),
    ],
)
def test_what_matters_is_said_before_the_tap(
    card: str, language: str, words: tuple[str, ...]
) -> None:
    note = plain(next(c for c in CARDS if c["id"] == card)["note"][language])
    assert all(word in note for word in words)


@pytest.mark.parametrize(
    ("prefix", "language"), [("de-", "de"), ("it-", "it"), ("jp-", "ja"), ("eu-112", "pt")]
)
def test_notes_are_in_the_language_of_the_country(prefix: str, language: str) -> None:
    for card in CARDS:
        if card["note"]:
            assert {"en", "fr"} <= set(card["note"]), card["id"]
            assert language in card["note"] or not card["id"].startswith(prefix), card["id"]
