"""The words of friction in seven languages: complete, calm, short, and about nobody."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import safelight
from safelight import BundleError
from safelight.friction_words import parse_ask_book

FILE = Path(safelight.__file__).parent / "words" / "friction.json"
RAW = json.loads(FILE.read_text("utf-8"))
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")


def entries(language: str) -> Iterator[tuple[str, dict[str, str]]]:
    for part in ("send", "arrive"):
        for kind, entry in RAW["languages"][language][part].items():
            yield f"{part} {kind}", entry


def texts(language: str) -> list[str]:
    words = RAW["languages"][language]
    said = [entry[key] for _, entry in entries(language) for key in ("title", "text", "go")]
    return [words["stay"], *said]


def test_the_seven_languages_are_there_and_claim_no_review() -> None:
    book = parse_ask_book(FILE.read_bytes())
    assert tuple(sorted(book.by_language)) == LANGUAGES
    assert {words.review for words in book.by_language.values()} == {"none"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_short_calm_and_well_formed(language: str) -> None:
    for text in texts(language):
        assert text == unicodedata.normalize("NFC", text).strip()
        assert "!" not in text and "！" not in text and not text.isupper(), text
    for name, entry in entries(language):
        question = entry["title"].endswith(("?", "？"))
        assert question == (name not in ("arrive image", "arrive video")), entry["title"]
        assert len(entry["title"]) <= 40, entry["title"]


#: What would accuse, frighten, blame or give an order; folded to lower case.
BANNED = {
    "de": r"täter|opfer|gefahr|gefähr|schuld|schäm|dumm|hättest|verboten|\bmusst\b|lösch",
    "en": r"predator|victim|danger|risk|fault|shame|stupid|should|must\b|delete|confront|warn",
    "es": r"depredador|víctima|peligro|culpa|vergüenza|tont|deberías|prohibid|borra\b|denuncia",
    "fr": r"prédateur|victime|danger|faute|honte|bête|devrais|aurais dû|interdit|supprime|efface",
    "it": r"predator|vittima|pericol|colpa|vergogna|stupid|dovresti|vietat|cancella|elimina",
    "ja": r"加害|被害|危険|危ない|悪い|せい|恥|ばか|べき|禁止|消して|削除|警告",
    "pt": r"predador|vítima|perigo|culpa|vergonha|tont|devias|proibid|apaga\b|elimina",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_accusation_no_blame_no_order(language: str) -> None:
    for text in texts(language):
        assert not re.search(BANNED[language], text.casefold()), text


#: Nobody else is spoken of: what is asked is about the thing, not about the other person.
ABOUT_SOMEBODY = {
    "de": r"diese person|der andere",
    "en": r"this person|the other person|this chat (is|looks)",
    "es": r"esta persona|la otra persona",
    "fr": r"cette personne|l’autre personne",
    "it": r"questa persona|l’altra persona",
    "ja": r"この人|あの人",
    "pt": r"esta pessoa|a outra pessoa",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_judged(language: str) -> None:
    for text in texts(language):
        assert not re.search(ABOUT_SOMEBODY[language], text.casefold()), text


#: Words a sentence may have at most; Japanese is counted in characters.
LONGEST = {"de": 14, "en": 14, "es": 14, "fr": 14, "it": 14, "ja": 36, "pt": 14}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    for text in texts(language):
        for sentence in re.split(r"[.?:。？]+", text):
            count = len(sentence) if language == "ja" else len(re.findall(r"[\w’'-]+", sentence))
            assert count <= LONGEST[language], sentence


def edited(path: str, value: object) -> bytes:
    content = json.loads(FILE.read_text("utf-8"))
    *parents, last = path.split(".")
    place = content
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", 2, "newer"),
        ("languages.en", None, "'en' is missing"),
        ("languages.eng", {}, "missing"),
        ("languages.fr.review", "perfect", "must be one of"),
        ("languages.fr.send.image", None, "'image' is missing"),
        ("languages.fr.send.text", {}, "not known"),
        ("languages.fr.send.image.block", "x", "not known"),
        ("languages.fr.arrive.link.text", "", "without blanks"),
        ("languages.fr.stay", "x" * 31, "at most 30"),
    ],
)
def test_a_faulty_file_is_refused_by_name(path: str, value: object, words: str) -> None:
    with pytest.raises(BundleError, match=words) as refused:
        parse_ask_book(edited(path, value))
    assert str(refused.value).startswith("words/friction.json")
