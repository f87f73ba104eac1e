"""The two fixed pages: the same in seven languages, kind, easy to read, on pages that were read."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

import safelight
from safelight import Guard
from safelight.guides import GUIDES, Guide, GuideBook, Section, parse_guides

FOLDER = Path(safelight.__file__).parent / "bundle" / "guides"
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")
FILES = {f"guides/{path.name}": path.read_bytes() for path in sorted(FOLDER.iterdir())}
BOOK = GuideBook.from_files(FILES)
BOTH = [(id, language) for id in GUIDES for language in LANGUAGES]


def texts(guide: Guide) -> list[str]:
    """Title, headings and lines in order."""
    found = [guide.title]
    for section in guide.sections:
        found += [section.heading, *section.lines]
    return found


def plain(text: str) -> str:
    """Lower case, straight apostrophes, ordinary spaces."""
    return re.sub(r"\s+", " ", text.casefold().replace("’", "'"))


# Structure ------------------------------------------------------------------------------------


def test_there_are_seven_languages_and_no_other() -> None:
    assert tuple(BOOK.by_language) == LANGUAGES


@pytest.mark.parametrize(("id", "language"), BOTH)
def test_a_guide_says_as_much_in_every_language(id: str, language: str) -> None:
    guide, english = BOOK.guide(id, language), BOOK.guide(id, "en")
    assert (guide.id, guide.language, guide.review) == (id, language, "none")
    assert [len(s.lines) for s in guide.sections] == [len(s.lines) for s in english.sections]
    assert [s.sources for s in guide.sections] == [s.sources for s in english.sections]


@pytest.mark.parametrize("id", GUIDES)
def test_no_line_was_left_untranslated(id: str) -> None:
    pages = [texts(BOOK.guide(id, language)) for language in LANGUAGES]
    for same_line in zip(*pages, strict=True):
        assert len(set(same_line)) == len(LANGUAGES), same_line[0]


@pytest.mark.parametrize(("id", "language"), BOTH)
def test_texts_are_nfc_trimmed_and_short(id: str, language: str) -> None:
    for text in texts(BOOK.guide(id, language)):
        assert text == unicodedata.normalize("NFC", text).strip()
        assert 0 < len(text) <= 200, text


@pytest.mark.parametrize(
    ("asked", "given"), [("en", "en"), ("fr-CA", "fr"), ("PT_BR", "pt"), ("zz", "en")]
)
def test_a_language_without_a_guide_falls_back_to_english(asked: str, given: str) -> None:
    assert BOOK.guide("after", asked).language == given


def test_a_guard_hands_out_guides(guard: Guard) -> None:
    page = guard.guide("caregiver", "fr")
    assert (page.title, page.language) == ("Title caregiver", "en")
    assert page.sections[0].lines == ("Line one.", "Line two.")
    assert page.sources == ("https://www.example.com/guide",)
    with pytest.raises(ValueError, match="after, caregiver"):
        guard.guide("before", "en")


def test_a_bundle_may_hold_guides_in_more_languages(
    make_bundle: Callable[..., Path], tiny_files: dict[str, bytes]
) -> None:
    french = {**json.loads(tiny_files["guides/en.json"]), "language": "fr"}
    folder = make_bundle(files={"guides/fr.json": json.dumps(french).encode()})
    guard = Guard.load(folder, allow_unsigned=True)
    assert guard.guide("after", "fr").language == "fr"


def test_the_shipped_guides_are_those_of_the_shipped_bundle() -> None:
    listed = json.loads((FOLDER.parent / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {name for name in listed if name.startswith("guides/")} == set(FILES)


# What is said ---------------------------------------------------------------------------------

#: What must stand in a guide: (guide, what) -> language -> a pattern in the form of `plain`.
MUST = {
    ("after", "not your fault"): {
        "de": "du bist nicht schuld", "en": "it is not your fault", "es": "no es culpa tuya",
        "fr": "ce n'est pas ta faute", "it": "non è colpa tua", "ja": "あなたは悪くありません",
        "pt": "a culpa não é sua",
    },
    ("after", "not in trouble"): {
        "de": "bekommst keinen ärger", "en": "not in trouble", "es": "no te has metido en un lío",
        "fr": "rien à te reprocher", "it": "non sei nei guai", "ja": "怒られることはありません",
        "pt": "ninguém vai castigar",
    },
    ("after", "keep everything"): {
        "de": "lösche nichts", "en": "do not delete", "es": "no borres nada",
        "fr": "n'efface rien", "it": "non cancellare niente", "ja": "何も消さないで",
        "pt": "não apague nada",
    },
    ("after", "screenshot first, then block"): {
        "de": "screenshot.*blockiere", "en": "screenshot.*block", "es": "captura.*bloquéala",
        "fr": "capture.*bloque", "it": "screenshot.*bloccalo", "ja": "スクリーンショット.*ブロック",
        "pt": "captura.*bloqueie",
    },
    ("after", "paying does not end it"): {
        "de": "zahlen beendet es selten", "en": "paying again rarely", "es": "pagar .*casi nunca",
        "fr": "payer encore arrête rarement", "it": "pagare ancora di rado",
        "ja": "また払っても、終わることはほとんど", "pt": "pagar outra vez raramente",
    },
    ("after", "limits of Take It Down"): {
        "de": "originalbild.*verschlüsselten chats wirkt es nicht",
        "en": "original picture.*does not work inside encrypted", "es": "original.*no funciona",
        "fr": "photo d'origine.*ne marche pas", "it": "originale.*non funziona nelle chat cifrate",
        "ja": "元の画像.*暗号化されたチャットの中では使えません",
        "pt": "original.*não funciona dentro de conversas cifradas",
    },
    ("after", "crisis line"): dict.fromkeys(LANGUAGES, "112.*988.*116 111"),
    ("caregiver", "sees no chats"): {
        "de": "keine chats", "en": "no chats", "es": "ningún chat", "fr": "aucune discussion",
        "it": "nessuna chat", "ja": "チャットを見せず", "pt": "não mostra conversas",
    },
    ("caregiver", "not your fault"): {
        "de": "du bist nicht schuld", "en": "it is not your fault", "es": "no es culpa tuya",
        "fr": "ce n'est pas ta faute", "it": "non è colpa tua", "ja": "あなたは悪くない",
        "pt": "a culpa não é tua",
    },
    ("caregiver", "leave the phone"): {
        "de": "handy nicht weg", "en": "do not take the phone away",
        "es": "no le quite el teléfono",
        "fr": "ne confisquez pas le téléphone", "it": "non togliete il telefono",
        "ja": "電話を取り上げないで", "pt": "não tire o telefone",
    },
    ("caregiver", "do not write to the other person"): {
        "de": "schreiben sie der anderen person nicht", "en": "do not write to the other person",
        "es": "no escriba a la otra persona", "fr": "n'écrivez pas à l'autre personne",
        "it": "non scrivete all'altra persona", "ja": "相手の人に連絡しないで",
        "pt": "não escreva à outra pessoa",
    },
    ("caregiver", "keep everything"): {
        "de": "löschen sie keine", "en": "do not delete", "es": "no borre", "fr": "n'effacez",
        "it": "non cancellate", "ja": "消さないでください", "pt": "não apague",
    },
    ("caregiver", "do not pay"): {
        "de": "zahlen sie nicht", "en": "do not pay", "es": "no pague", "fr": "ne payez pas",
        "it": "non pagate", "ja": "払わないでください", "pt": "não pague",
    },
    ("caregiver", "limits of Take It Down"): {
        "de": "originalbild.*verschlüsselten chats wirkt es nicht",
        "en": "original picture.*does not work inside encrypted", "es": "original.*no funciona",
        "fr": "photo d'origine.*ne marche pas", "it": "originale.*non funziona nelle chat cifrate",
        "ja": "元の画像.*暗号化されたチャットの中では使えません",
        "pt": "original.*não funciona dentro de conversas cifradas",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", MUST, ids=": ".join)
def test_what_must_be_said(what: tuple[str, str], language: str) -> None:
    guide = BOOK.guide(what[0], language)
    assert re.search(MUST[what][language], plain(" ".join(texts(guide))))


#: No blame, no accusation, nobody is told to confront, delete or pay, nothing is guaranteed.
BANNED = {
    "de": (
        r"(?<!nicht )schuld", r"hättest", r"täter|opfer|pädo|groomer", r"garantier|zur rede",
        r"\blösch(?!e nichts|en sie keine)", r"zahle\b",
    ),
    "en": (
        r"(?<!not )your (own )?fault", r"should(n't| not)? have", r"predator|groomer|victim",
        r"\b(blame|shame|stupid|naive)", r"this person is|offender", r"guarantee|confront",
        r"(?<!do not )\bdelet", r"(?<!do not )\bpay\b", r"\b(sexy?|nudes?|naked)\b",
    ),
    "es": (
        r"(?<!no es )culpa tuya|tu culpa", r"deberías", r"depredador|víctima|agresor|pedófil",
        r"garantiz|enfrént", r"(?<!no )\bborr", r"(?<!no )\bpague\b|\bpaga\b", r"desnud",
    ),
    "fr": (
        r"(?<!pas )ta faute", r"aurais dû", r"prédateur|victime|agresseur|pédo",
        r"garanti|affront", r"(?<!n')\beffac", r"(?<!ne )\bpayez\b|\bpaie\b", r"supprim",
    ),
    "it": (
        r"(?<!non è )colpa tua", r"avresti dovuto", r"predatore|vittima|aggressore|pedofil",
        r"garanti|affronta", r"(?<!non )\bcancell", r"(?<!non )\bpagate\b|\bpaga\b",
    ),
    "ja": (r"あなたのせい", r"べきだった", r"犯人|加害者|被害者", r"必ず|保証"),
    "pt": (
        r"culpa (é|foi) (sua|tua)|tua culpa", r"deveria", r"predador|vítima|agressor|pedófil",
        r"garant|confront", r"(?<!não )\bapag", r"(?<!não )\bpague\b",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("id", "language"), BOTH)
def test_no_blame_no_accusation_no_bad_advice(id: str, language: str) -> None:
    for text in texts(BOOK.guide(id, language)):
        for pattern in BANNED[language]:
            assert not re.search(pattern, plain(text)), text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das ist deine Schuld."), ("de", "Lösch den Chat."),
        ("en", "It is your fault."), ("en", "Delete the chat."), ("en", "Pay them."),
        ("es", "Es tu culpa."), ("es", "Borra el chat."),
        ("fr", "C’est ta faute."), ("fr", "Effacez tout."),
        ("it", "È colpa tua."), ("it", "Cancella la chat."),
        ("ja", "あなたのせいです。"),
        ("pt", "A culpa é sua."), ("pt", "Apague tudo."),
    ],
)  # fmt: skip
def test_the_lint_catches(language: str, text: str) -> None:
    assert any(re.search(pattern, plain(text)) for pattern in BANNED[language])


SCREENSHOTS = {
    "de": ("screenshot", "nie von intimen"), "en": ("screenshot", "never"),
    "es": ("captura", "nunca de fotos íntimas"), "fr": ("capture", "jamais des photos intimes"),
    "it": ("screenshot", "mai di foto intime"), "ja": ("スクリーンショット", "絶対にとらないで"),
    "pt": ("captura", "nunca de fotos íntimas"),
}  # fmt: skip


@pytest.mark.parametrize(("id", "language"), BOTH)
def test_screenshots_are_never_of_private_pictures(id: str, language: str) -> None:
    word, never = SCREENSHOTS[language]
    found = [plain(text) for text in texts(BOOK.guide(id, language)) if word in plain(text)]
    assert found
    assert all(never in text for text in found)


#: The pages on which the guides rest; all of them were read.
READ = {
    "https://www.nationalcac.org/steps-to-take-following-financial-sextortion/",
    "https://www.missingkids.org/blog/2024/ncmec-releases-new-sextortion-data",
    "https://youthworkunit.com/news/nca-issues-urgent-warning-about-sextortion-and-what-to-do/",
    "https://protectchildren.ca/en/press-and-media/news-releases/2024/"
    "sextortion-information-campaign",
    "https://www.iwf.org.uk/resources/sextortion/parents-and-carers/",
    "https://iwf.org.uk/news-media/news/iwf-urges-young-people-to-get-help-as-criminals-target-"
    "younger-children-in-sextortion-scams",
    "https://iwf.org.uk/news-media/news/teenage-boys-targeted-as-hotline-sees-heartbreaking-"
    "increase-in-child-sextortion-reports",
    "https://esafety.gov.au/esafety-information/esafety-issues/unwanted-contact",
    "https://takeitdown.ncmec.org/faq/",
    "https://www.iwf.org.uk/what-we-do/why-we-exist/report-remove",
    "https://www.youthlink.scot/news/surge-in-use-of-game-changing-report-remove-service/",
    "https://www.ansa.it/sardegna/notizie/2022/08/26/sextortion-ai-danni-di-minorenni-sei-casi-in-"
    "sardegna_3f235356-f092-42fa-b463-c38c40b3f5cb.html",
    "https://988lifeline.org/get-help/what-to-expect",
    "https://childhelplineinternational.org/15-years-of-116111/",
    "https://latuaeuropavercelli.eu/node/12411",
    "https://mairie-villetaneuse.fr/actualites/le-3018-un-numero-gratuit-et-une-app-pour-les-"
    "victimes-de-cyberharcelement",
}


def test_guides_rest_on_pages_that_were_read() -> None:
    assert {source for id in GUIDES for source in BOOK.guide(id, "en").sources} == READ


@pytest.mark.parametrize("id", GUIDES)
def test_only_support_and_what_safelight_does_need_no_source(id: str) -> None:
    bare = [s.heading for s in BOOK.guide(id, "en").sections if not s.sources]
    assert bare == {"after": ["The days after"], "caregiver": ["What this page is"]}[id]


@pytest.mark.parametrize(("id", "language"), BOTH)
def test_numbers_are_those_of_help_cards(id: str, language: str) -> None:
    known = {"988", "112", "116 111", "3018"}
    said = " ".join(texts(BOOK.guide(id, language)))
    assert set(re.findall(r"\d[\d ]+\d", said)) - {"18"} <= known


# Reading age ----------------------------------------------------------------------------------


@pytest.mark.parametrize("section", BOOK.guide("after", "en").sections, ids=lambda s: s.heading)
def test_the_page_for_young_people_can_be_read_at_eleven(section: Section) -> None:
    """Coleman-Liau and the Automated Readability Index, as US grades (see test_content.py)."""
    said = [section.heading, *section.lines]
    sentences = [s for t in said for s in re.split(r"[.!?:]+", t) if s.strip()]
    words = [w for s in sentences for w in re.findall(r"[\w’'-]+", s)]
    letters = sum(c.isalnum() for w in words for c in w)
    assert 5.88 * letters / len(words) - 29.6 * len(sentences) / len(words) - 15.8 <= 6.0
    assert 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43 <= 6.0


@pytest.mark.parametrize(
    ("language", "most"),
    [("en", 16), ("de", 18), ("es", 20), ("fr", 20), ("it", 20), ("pt", 20)],
)
def test_sentences_are_short(language: str, most: int) -> None:
    for text in texts(BOOK.guide("after", language)):
        for sentence in re.split(r"[.!?:]+", text):
            assert len(re.findall(r"[\w’'-]+", sentence)) <= most, sentence


def test_japanese_sentences_are_short() -> None:
    for text in texts(BOOK.guide("after", "ja")):
        assert all(len(sentence) <= 45 for sentence in text.split("。")), text


def test_the_loader_takes_every_file() -> None:
    for name, data in FILES.items():
        assert tuple(parse_guides(data, name)) == GUIDES
