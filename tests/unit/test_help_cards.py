"""Help cards as shipped: every contact on a page that was read, every text in seven languages."""

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
from safelight.card_words import CHANNELS, PURPOSES
from safelight.resources import STAGE_KEYS, parse_resources

BUNDLE = Path(safelight.__file__).parent / "bundle"
RAW: dict[str, Any] = json.loads((BUNDLE / "resources.json").read_text(encoding="utf-8"))
CARDS, WORDS = RAW["cards"], RAW["words"]
RESOURCES = parse_resources((BUNDLE / "resources.json").read_bytes())
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")
TODAY = date(2026, 2, 1)
EU = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)


def texts() -> Iterator[tuple[str, dict[str, str]]]:
    """Every text that cards show, with its place; a card without hours or note has none."""
    yield "before", WORDS["before"]
    for part in ("purposes", "channels", "anonymous"):
        for key, text in WORDS[part].items():
            yield f"{part}.{key}", text
    for card in CARDS:
        for part in ("serves", "hours", "note"):
            if card[part]:
                yield f"{card['id']}.{part}", card[part]


TEXTS = dict(texts())


def plain(text: str) -> str:
    """Lower case, straight apostrophes, ordinary spaces."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'"))


# Texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", TEXTS)
def test_every_text_is_there_in_seven_languages(place: str) -> None:
    text = TEXTS[place]
    assert tuple(sorted(text)) == LANGUAGES
    for said in text.values():
        assert said == unicodedata.normalize("NFC", said).strip()
        assert 0 < len(said) <= 400


@pytest.mark.parametrize("place", [place for place in TEXTS if place.endswith(".note")])
def test_no_two_languages_share_a_sentence(place: str) -> None:
    """A text that was copied and not translated would be the same in two languages."""
    assert len(set(TEXTS[place].values())) == len(LANGUAGES)


def test_the_kinds_of_channels_purposes_and_anonymity_are_all_there() -> None:
    assert tuple(WORDS["channels"]) == CHANNELS
    assert tuple(WORDS["purposes"]) == PURPOSES
    assert tuple(WORDS["anonymous"]) == ("yes", "no", "unknown")


#: What a contact leaves behind, as one word that must be in the text: list, bill, history, …
TRACES = {
    "call": {
        "de": ("anrufliste", "rechnung"), "en": ("call list", "bill"),
        "es": ("lista de llamadas", "factura"), "fr": ("liste des appels", "facture"),
        "it": ("elenco delle chiamate", "bolletta"), "ja": ("履歴", "明細"),
        "pt": ("lista de chamadas", "fatura"),
    },
    "text": {
        "de": ("nachrichtenliste",), "en": ("message list",), "es": ("lista de mensajes",),
        "fr": ("liste de messages",), "it": ("elenco dei messaggi",), "ja": ("一覧",),
        "pt": ("lista de mensagens",),
    },
    "chat": {
        "de": ("verlauf", "liste"), "en": ("history", "chat list"), "es": ("historial", "lista"),
        "fr": ("historique", "liste"), "it": ("cronologia", "elenco"), "ja": ("履歴", "一覧"),
        "pt": ("histórico", "lista"),
    },
    "web": {
        "de": ("verlauf",), "en": ("history",), "es": ("historial",), "fr": ("historique",),
        "it": ("cronologia",), "ja": ("履歴",), "pt": ("histórico",),
    },
    "email": {
        "de": ("gesendet",), "en": ("sent",), "es": ("enviados",), "fr": ("envoyés",),
        "it": ("inviata",), "ja": ("送信済み",), "pt": ("enviados",),
    },
    "app": {
        "de": ("app", "telefon"), "en": ("app", "phone"), "es": ("aplicación", "teléfono"),
        "fr": ("appli", "téléphone"), "it": ("app", "telefono"), "ja": ("アプリ", "電話"),
        "pt": ("aplicação", "telefone"),
    },
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CHANNELS)
def test_every_kind_of_channel_says_what_it_leaves_behind(kind: str, language: str) -> None:
    said = plain(WORDS["channels"][kind][language])
    assert all(word in said for word in TRACES[kind][language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["US", "GB", "CA", "FR", "DE", "IT", "JP", "ES", "PT", "BR"])
def test_a_card_as_shown_ends_with_these_words(country: str, language: str) -> None:
    for stage in STAGE_KEYS:
        for service in RESOURCES.choose(stage, country):
            card = service.card(language, TODAY, "old")
            answer = {True: "yes", False: "no", None: "unknown"}[card.anonymous]
            kinds = dict.fromkeys(channel.kind for channel in card.channels)
            assert card.before == (
                WORDS["anonymous"][answer][language],
                *(WORDS["channels"][kind][language] for kind in kinds),
            )
            assert card.before_title == WORDS["before"][language]
            assert card.use == tuple(WORDS["purposes"][p][language] for p in card.purposes)


#: Who may be reached without a name, and who not, each on a page that says so; others: not known.
ANONYMOUS = {
    "gb-childline": True,
    "gb-ceop": False,
    "ca-cybertip": True,
    "fr-3018": True,
    "de-nummer-gegen-kummer": True,
    "de-hilfe-telefon": True,
    "jp-childline": True,
    "es-anar-chat": True,
    "pt-sos-crianca": True,
    "pt-linha-internet-segura": True,
    "br-safernet": True,
    "br-cvv": True,
    "br-disque-100": True,
    "int-take-it-down": True,
}


def test_anonymity_is_said_with_a_page_or_not_known() -> None:
    found = {c["id"]: c["anonymous"] for c in CARDS if c["anonymous"] is not None}
    assert found == ANONYMOUS
    for card in CARDS:
        known = card["anonymous"] is not None
        assert known == (card["anonymous_source"] is not None), card["id"]


#: What no card may say in a language: blame, accusation, a promise of removal.
BANNED = {
    "de": r"selbst schuld|deine schuld|täter|opfer|pädo|garantier|lösch",
    "en": r"your fault|predator|groomer|victim|offender|guarantee|delet|promise",
    "es": r"tu culpa|depredador|víctima|agresor|pedófil|garantiz|borra",
    "fr": r"ta faute|prédateur|victime|agresseur|pédo|garanti|efface|supprim",
    "it": r"colpa tua|predatore|vittima|aggressore|pedofil|garanti|cancella",
    "ja": r"あなたのせい|犯人|加害|被害者|必ず",
    "pt": r"culpa sua|tua culpa|predador|vítima|agressor|pedófil|garant|apag",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_blames_accuses_or_promises(language: str) -> None:
    for place, text in TEXTS.items():
        assert not re.search(BANNED[language], plain(text[language])), place


@pytest.mark.parametrize(
    ("card", "language", "words"),
    [
        ("gb-ceop", "de", ("nicht anonym", "nicht für notfälle", "999")),
        ("gb-ceop", "en", ("not anonymous", "not for emergencies", "999")),
        ("gb-ceop", "es", ("no es anónimo", "no es para emergencias", "999")),
        ("gb-ceop", "fr", ("pas anonyme", "pas pour les urgences", "999")),
        ("gb-ceop", "it", ("non è anonima", "non è per le emergenze", "999")),
        ("gb-ceop", "ja", ("匿名ではありません", "緊急用ではありません", "999")),
        ("gb-ceop", "pt", ("não é anónima", "não é para emergências", "999")),
        ("int-take-it-down", "de", ("öffentlichen", "originalbild", "verschlüsselten chats")),
        ("int-take-it-down", "en", ("public", "original", "not work inside encrypted chats")),
        ("int-take-it-down", "es", ("públicas", "original", "no funciona", "cifrados")),
        ("int-take-it-down", "fr", ("publics", "d'origine", "ne marche pas", "chiffrées")),
        ("int-take-it-down", "it", ("pubbliche", "originale", "non funziona", "cifrate")),
        ("int-take-it-down", "ja", ("公開", "元の画像", "暗号化", "使えません")),
        ("int-take-it-down", "pt", ("públicas", "original", "não funciona", "cifradas")),
        ("int-stopncii", "en", ("under 18",)),
        ("br-safernet", "pt", ("perigo grave", "avisar")),
    ],
)
def test_what_matters_is_said_before_the_tap(
    card: str, language: str, words: tuple[str, ...]
) -> None:
    note = plain(next(c for c in CARDS if c["id"] == card)["note"][language])
    assert all(word in note for word in words)


# Order and country ----------------------------------------------------------------------------

QUIET = ("chat", "text")


@pytest.mark.parametrize("service", RESOURCES.services, ids=lambda service: service.id)
def test_within_a_card_chat_and_text_come_first(service: Any) -> None:
    loud = [channel.kind not in QUIET for channel in service.channels]
    assert loud == sorted(loud)


@pytest.mark.parametrize("stage", STAGE_KEYS)
@pytest.mark.parametrize("country", ["US", "GB", "CA", "FR", "DE", "IT", "JP", "ES", "PT", "BR"])
def test_among_cards_of_one_use_chat_and_text_come_first(country: str, stage: str) -> None:
    wanted = RESOURCES.purposes[stage]
    rows = [
        (min(wanted.index(p) for p in s.purposes if p in wanted), s.channels[0].kind not in QUIET)
        for s in RESOURCES.choose(stage, country)
    ]
    assert rows == sorted(rows)


@pytest.mark.parametrize("country", ["ZZ", "AU", "IN", None])
def test_a_country_without_rows_gets_the_international_cards(country: str | None) -> None:
    for stage in STAGE_KEYS:
        chosen = RESOURCES.choose(stage, country)
        assert chosen and all(service.countries == ("*",) for service in chosen), stage


@pytest.mark.parametrize("country", EU)
def test_every_country_of_the_eu_shows_112_in_a_crisis(country: str) -> None:
    chosen = RESOURCES.choose("crisis_self_harm", country)
    holds = [s for s in chosen if any(channel.value == "112" for channel in s.channels)]
    assert len(holds) == 1
    assert holds[0].verification == ("primary" if country == "FR" else "secondary")


@pytest.mark.parametrize("country", ["US", "GB", "CA", "FR", "DE", "IT", "JP", "ES", "PT", "BR"])
def test_a_picture_can_be_taken_to_somebody_in_every_country(country: str) -> None:
    for stage in ("threat", "after", "crisis_distress"):
        assert any("remove" in service.purposes for service in RESOURCES.choose(stage, country))


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
_RTP = (
    "https://www.rtp.pt/noticias/pais/iac-regista-aumento-na-linha-de-apoio-sos-crianca-e-jovem_"
    "a1680065"
)
_ACORIANO = (
    "https://www.acorianooriental.pt/noticia/linha-internet-segura-registou-701-denuncias-de-"
    "pornografia-infantil-e-discriminacao-racial-em-2019-307286"
)
_CVV = (
    "https://cvmarj.com.br/blog/cvv-guia-pratico-e-humano-sobre-atendimento-24h-prevencao-do-"
    "suicidio-quando-procurar-e-como-apoiar-alguem"
)
_EM = (
    "https://www.em.com.br/trends/2025/12/7305164-como-denunciar-casos-de-abuso-infantil-de-forma-"
    "segura-e-anonima.html"
)
_INCIBE = "https://www.incibe.es/en/linea-de-ayuda-en-ciberseguridad/faq"
_DOCSLIB = "https://docslib.org/doc/8525713/"
#: V: the service's own page or that of a public body; V2: anybody else's.
V, V2 = "primary", "secondary"
#: Every contact that may be shown: (card, value) -> whose page says so, and which page.
#: All of these pages were read; what is only remembered, or in conflict, is not here.
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
        V2,
        "https://www.sozialspende.de/projekt/id/1203",
    ),
    ("de-nummer-gegen-kummer", "116 111"): (V2, "https://www.sozialspende.de/projekt/id/1203"),
    ("de-juuuport", "juuuport.de"): (V2, _HESSEN),
    ("de-hilfe-telefon", "0800 22 55 530"): (V, _BUND),
    ("it-telefono-azzurro", "azzurro.it"): (V2, _SKY),
    ("it-telefono-azzurro", "19696"): (V2, _SKY),
    ("it-114", "114.it"): (V2, _SKY),
    ("it-114", "114"): (V2, _SKY),
    ("it-polizia-postale", "commissariatodips.it"): (
        V2,
        "https://www.psnews.it/2023/01/il-reato-di-sextortion-che-cose.html",
    ),
    ("it-clicca-e-segnala", "azzurro.it"): (
        V2,
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
    ("jp-110", "110"): (V2, "https://apple.com/jp/child-safety/rc-u13"),
    ("es-anar-chat", "anar.org"): (V, "https://anar.org/?p=5682"),
    ("es-anar", "900 20 20 10"): (
        V2,
        "https://www.adeces.org/anar-el-esfuerzo-por-proteger-los-derechos-de-nins-y-adolescentes/",
    ),
    ("es-017", "WhatsApp 900 116 117"): (V, _INCIBE),
    ("es-017", "Telegram @INCIBE017"): (V, _INCIBE),
    ("es-017", "017"): (V, _INCIBE),
    ("es-aepd", "WhatsApp 616 172 204"): (
        V2,
        "https://www.genbeta.com/actualidad/me-estan-amenazando-unas-fotos-mias-espana-pionera-"
        "mundial-para-frenar-difusion-contenidos-sexuales-asi-funciona",
    ),
    ("pt-sos-crianca", "WhatsApp 913 069 404"): (V2, _RTP),
    ("pt-sos-crianca", "116 111"): (V2, _RTP),
    ("pt-linha-internet-segura", "linhainternetsegura@apav.pt"): (V2, _ACORIANO),
    ("pt-linha-internet-segura", "800 21 90 90"): (V2, _ACORIANO),
    ("br-safernet", "helpline.org.br"): (V, "https://helpline.org.br"),
    ("br-cvv", "cvv.org.br"): (V2, _CVV),
    ("br-cvv", "188"): (V2, _CVV),
    ("br-disque-100", "WhatsApp (61) 99611-0100"): (V2, _EM),
    ("br-disque-100", "100"): (V2, _EM),
    ("br-190", "190"): (
        V2,
        "https://app.campoflorido.mg.gov.br/carta-de-servicos/c/2/i/14661/acionar-emergencia-"
        "policial-190",
    ),
    ("eu-116111", "116 111"): (V, "https://childhelplineinternational.org/15-years-of-116111/"),
    ("eu-116111", "childhelplineinternational.org"): (V2, _DOCSLIB),
    ("eu-112", "112"): (V2, "https://latuaeuropavercelli.eu/node/12411"),
    ("int-child-helplines", "childhelplineinternational.org"): (V2, _DOCSLIB),
    ("int-take-it-down", "takeitdown.ncmec.org"): (V, "https://takeitdown.ncmec.org/faq/"),
    ("int-stopncii", "stopncii.org"): (V2, "https://delist.ai/guides/sextortion-response"),
    ("int-iwf", "iwf.org.uk"): (V, "https://annualreport2022.iwf.org.uk/?p=705"),
}


#: Hours, where no two pages that were read give different ones.
NO_HOURS = ("fr-3018", "de-hilfe-telefon", "es-anar-chat", "pt-sos-crianca",
            "pt-linha-internet-segura")  # fmt: skip


@pytest.mark.parametrize("id", NO_HOURS)
def test_where_pages_differ_no_hours_are_given(id: str) -> None:
    assert next(card for card in CARDS if card["id"] == id)["hours"] == {}


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
        "99656-5008",  # Disque 100 until 2023
    ],
)
def test_what_was_never_verified_is_not_there(unverified: str) -> None:
    assert unverified not in json.dumps(RAW, ensure_ascii=False)


#: Dates that a page carries itself, in its text or its address; all others are null.
PAGE_DATES = {
    "fr-119": "2023-09-22",
    "fr-police": "2023-09-22",
    "fr-114": "2023-09-22",
    "it-telefono-azzurro": "2025-04-23",
    "it-114": "2025-04-23",
    "it-polizia-postale": "2023-01-01",
    "es-aepd": "2025-10-15",
    "pt-sos-crianca": "2025-08-29",
    "br-disque-100": "2025-12-02",
    "jp-jinken-110": "2025-04-08",
    "jp-189": "2025-11-01",
}


def test_dates_are_those_of_the_pages() -> None:
    assert {c["id"]: c["page_date"] for c in CARDS if c["page_date"]} == PAGE_DATES
    assert all(date.fromisoformat(day).isoformat() == day for day in PAGE_DATES.values())


@pytest.mark.parametrize("country", ["US", "GB", "CA", "FR", "DE", "IT", "JP", "ES", "PT", "BR"])
def test_every_stage_offers_somebody_to_talk_to_and_a_crisis_an_emergency_number(
    country: str,
) -> None:
    for stage in STAGE_KEYS:
        chosen = RESOURCES.choose(stage, country)
        served = {p for service in chosen for p in service.purposes}
        assert set(RESOURCES.purposes[stage]) <= served, stage
        assert chosen[0].purposes[0] != "emergency"


def test_purposes_exist_and_talking_comes_first() -> None:
    for purposes in RAW["purposes"].values():
        assert purposes[0] == "talk" and set(purposes) <= set(PURPOSES)
