"""The page of an evidence file: its words in every language, and that no text can break it."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime, timezone
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.evidence import Evidence, make, redact, short_digest
from safelight.evidence_page import moment, render, shown
from safelight.evidence_parts import Fact, Noticed, Said
from safelight.evidence_words import languages, words
from safelight.taxonomy import INDICATORS

CREATED = datetime(2026, 1, 31, 18, 2, 11, tzinfo=timezone.utc)
NAMES = {name: f"name of {name}" for name in INDICATORS}
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "pt")
HOSTILE = "</bdi></td><script>alert(1)</script><img src=//example.com/x>\0\x1b[2J\u202e&\"'"


def evidence(*, text: str = "hello", handle: str = "@kestrel", value: str = "ChatApp") -> Evidence:
    said = (
        Said(2, handle, text, "2026-01-30T21:07:00-05:00"),
        Said(3, "@sam", "no", "2026-01-30T21:08:00"),
        Said(7, handle, "", "", media="image", file_name=f"{text[:50]}.jpg"),
        Said(8, handle, text, noticed=Noticed("warning", ("deadline",))),
    )
    facts = (
        Fact("owner", "@sam"),
        Fact("peer", handle),
        Fact("platform", value),
        Fact("age_band", "13_15"),
    )
    return make(said, facts, created=CREATED, source="whatsapp")


def page(made: Evidence, language: str = "en") -> str:
    return render(made, words(language), NAMES)


class Outline(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.isolated = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if "bdi" in self.open:
            self.isolated += data

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


# Words ----------------------------------------------------------------------------------------


def test_all_seven_languages_are_there() -> None:
    assert languages() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_whole_and_claims_no_review(language: str) -> None:
    found = words(language)
    assert (found.language, found.review) == (language, "none")
    for key in ("made", "source", "how", "file_name", "not_chosen"):
        assert len(re.findall(r"\{[a-z]+\}", found.line[key])) == 1
    assert [len(found.lists[key]) for key in ("shows", "limits", "pictures", "yours")] == [
        2,
        4,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("asked", "given"), [("fr-CA", "fr"), ("FR", "fr"), ("sv", "en"), ("", "en")]
)
def test_a_language_without_words_is_answered_in_english(asked: str, given: str) -> None:
    assert words(asked).language == given


def own_texts(language: str) -> list[str]:
    found = words(language)
    lists = [text for texts in found.lists.values() for text in texts]
    tables = [text for table in found.tables.values() for text in table.values()]
    return [*found.line.values(), *lists, *tables]


BANNED = {
    "en": r"predator|groomer|victim|offender|criminal|\bfault\b|\bpay\b|\bdelete\b|should have",
    "fr": r"prédateur|victime|agresseur|criminel|\bfaute\b|\bpa(ie|yer?)\b|supprime\b|\bpreuve",
    "de": r"täter|opfer|verbrecher|schuld|\bzahl|\blösch",
    "it": r"predatore|vittima|criminale|\bcolpa\b|\bpaga|\belimina\b",
    "ja": r"犯人|被害者|加害者|あなたのせい|払って|削除して",
    "es": r"depredador|víctima|criminal|\bculpa\b|\bpaga|\bborra\b|\belimina\b",
    "pt": r"predador|vítima|criminoso|\bculpa\b|\bpaga|\bapaga\b|\belimina\b",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_accuses_nobody_and_tells_nobody_to_pay_or_delete(language: str) -> None:
    for text in own_texts(language):
        assert not re.search(BANNED[language], text.casefold().replace("’", "'")), text
        assert "!" not in text


#: not changed since it was made; who wrote it; whether the times are right; no picture.
MUST_SAY = {
    "en": ("nothing was changed since", "who wrote", "times are right", "no picture is in"),
    "fr": ("rien n’a changé depuis", "qui a écrit", "heures sont justes", "aucune photo"),
    "de": ("seitdem nichts geändert", "wer die nachrichten", "zeiten stimmen", "kein bild"),
    "it": ("nulla è cambiato", "chi ha scritto", "ore sono giuste", "nessuna foto"),
    "ja": (
        "何も変わっていません",
        "だれがメッセージを書いたか",
        "時刻が正しいか",
        "写真は入っていません",
    ),
    "es": ("nada ha cambiado", "quién escribió", "horas son correctas", "ninguna foto"),
    "pt": ("nada mudou", "quem escreveu", "horas estão certas", "nenhuma foto"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_says_what_it_shows_and_what_not(language: str) -> None:
    first = page(evidence(), language).partition("</section>")[0].casefold()
    for said in MUST_SAY[language]:
        assert said in first


def test_english_can_be_read_at_eleven() -> None:
    """Coleman-Liau and ARI as in test_content.py: grade 6 at most."""
    texts = [text for texts in words("en").lists.values() for text in texts]
    texts.append(words("en").line["code_note"])
    sentences = [s for text in texts for s in re.split(r"[.!?:]+", text) if s.strip()]
    each = [w for s in sentences for w in re.findall(r"[\w’'-]+", s)]
    letters = sum(c.isalnum() for w in each for c in w)
    assert 5.88 * letters / len(each) - 29.6 * len(sentences) / len(each) - 15.8 <= 6
    assert 4.71 * letters / len(each) + 0.5 * len(each) / len(sentences) - 21.43 <= 6


# The page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_and_carries_the_code(language: str) -> None:
    made = evidence()
    outline = Outline(page(made, language))
    assert outline.open == []
    assert outline.tags[0] == ("html", {"lang": language})
    assert short_digest(made.digest) in outline.text
    assert made.digest.hex() in outline.text
    assert outline.names() <= {
        "html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "p", "div",
        "strong", "code", "ul", "li", "dl", "dt", "dd", "bdi", "table", "thead", "tbody", "tr",
        "th", "td", "span", "em", "br",
    }  # fmt: skip


def test_nothing_can_run_or_be_fetched() -> None:
    html = page(evidence())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert policy is not None and style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1] == f"default-src 'none'; style-src 'sha256-{digest}'"
    for attribute in ("src", "href", "style", "onclick", "onload", "action"):
        assert all(attribute not in attributes for _, attributes in Outline(html).tags)
    assert "url(" not in html and "@import" not in html


@pytest.mark.parametrize("field", ["text", "handle", "value"])
def test_hostile_text_stays_text(field: str) -> None:
    plain, hostile = Outline(page(evidence())), Outline(page(evidence(**{field: HOSTILE})))
    assert hostile.open == []
    assert hostile.names() == plain.names()
    assert "<script>alert(1)</script>" in hostile.isolated
    for code in ("U+0000", "U+001B", "U+202E"):
        assert code in hostile.isolated
    html = page(evidence(**{field: HOSTILE}))
    assert not set("\0\x1b\u202e") & set(html)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_text_is_shown_and_stands_isolated(text: str) -> None:
    outline = Outline(page(evidence(text=text)))
    assert outline.open == []
    steering = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    expected = steering.sub(lambda found: f"U+{ord(found[0]):04X}", lines)
    assert expected in outline.isolated


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\u202e", '<span class="sign">U+202E</span>'),
        ("\u200d\u200f", "\u200d\u200f"),
    ],
)
def test_what_somebody_wrote(text: str, html: str) -> None:
    assert shown(text) == html


@pytest.mark.parametrize(
    ("sent_at", "reads"),
    [
        ("2026-01-30T21:07:00+01:00", "2026-01-30 21:07:00 (UTC+01:00)"),
        ("2026-01-30T21:07:00-05:00", "2026-01-30 21:07:00 (UTC−05:00)"),
        ("2026-01-30T21:07:00.250000+00:00", "2026-01-30 21:07:00 (UTC+00:00)"),
        ("2026-01-30T21:07:00", "2026-01-30 21:07:00 (time zone not known)"),
        ("", "time not known"),
    ],
)
def test_times_say_their_zone(sent_at: str, reads: str) -> None:
    assert moment(sent_at, words("en")) == reads


def test_a_picture_is_a_name_alone() -> None:
    text = Outline(page(evidence())).text
    assert "Picture (not in this file)" in text
    assert "File name: hello.jpg" in text


def test_what_was_left_out_or_not_chosen_is_said() -> None:
    less = redact(evidence(text="gone words"), [2], ["platform"])
    text = Outline(page(less)).text
    assert text.count("Left out later.") == 2
    assert "Not chosen from the chat: 4–6" in text
    assert "ChatApp" not in text


def test_who_saved_the_file_is_marked_in_words() -> None:
    assert Outline(page(evidence())).text.count("the person who saved this") >= 1
    row = page(evidence()).partition('class="number">3</th>')[2].partition("</tr>")[0]
    other = page(evidence()).partition('class="number">2</th>')[2].partition("</tr>")[0]
    assert "the person who saved this" in row
    assert "the person who saved this" not in other


def test_what_safelight_noticed_says_that_it_can_be_wrong() -> None:
    text = Outline(page(evidence())).text
    assert "can be wrong: name of deadline (take care)" in text
    plain = make([Said(1, "@sam", "no")], [Fact("owner", "@sam")], created=CREATED)
    assert "can be wrong" not in page(plain)
