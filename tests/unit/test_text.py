"""Text preparation, by tables: what was written, and what the tokenizer reads."""

from __future__ import annotations

import copy
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.reading import BundleError
from safelight.taxonomy import MEDIA
from safelight.text import DISGUISES, TextPreparer, split_chunks
from safelight_export.text_table import MAX_CHARS, TOKENS, build_table

PREPARER = TextPreparer(build_table())


def wide(text: str) -> str:
    """The full-width twin of printable ASCII without blanks."""
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hello there", "hello there"),
        ("", ""),
        (wide("hello"), "hello"),
        ("ﬁne", "fine"),
        ("cafe\u0301", "caf\u00e9"),
        ("h\u200be\u2060l\u00adlo", "hello"),
        ("\u202eolleh\u202c", "olleh"),
        ("e\u200d\u0301", "\u00e9"),
        ("ok \U0001f44d\ufe0f", "ok \U0001f44d"),
        ("a\ud800b", "a\ufffdb"),
        ("line\nnext", "line\nnext"),
    ],
)
def test_unicode_is_levelled(written: str, read: str) -> None:
    assert PREPARER.prepare(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("p\u0430ssw\u043erd", "password"),  # Cyrillic letters in a Latin word
        ("\u0441hat", "chat"),
        ("\u03bf\u03bay it is", "oky it is"),  # Greek letters in a Latin word
        ("\u043f\u0440\u0438\u0432\u0435\u0442", "\u043f\u0440\u0438\u0432\u0435\u0442"),
        (
            "\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1",
            "\u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1",
        ),
        ("chat \u0441 \u043d\u0438\u043c", "chat \u0441 \u043d\u0438\u043c"),  # words stay apart
        ("caf\u0435\u0301", "caf\u00e9"),  # a folded letter joins its accent
    ],
)
def test_look_alikes_are_folded_in_latin_words_only(written: str, read: str) -> None:
    assert PREPARER.prepare(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see https://example.com/a?b=1 now", "see [LINK] now"),
        ("WWW.example.com", "[LINK]"),
        ("sub.example.co.uk", "[LINK]"),
        ("go to t.me/example", "go to [LINK]"),
        ("fine.it is late", "fine.it is late"),
        ("ok.me too", "ok.me too"),
        ("call 07700 900123 ok", "call [PHONE] ok"),
        ("+33 6 39 98 01 23", "[PHONE]"),
        ("(555) 555-0123", "[PHONE]"),
        ("555-0123", "[PHONE]"),
        (wide("090-1234-5678"), "[PHONE]"),
        ("090\u22121234\u22125678", "[PHONE]"),
        ("on 01/02/2024 at 10:30", "on 01/02/2024 at 10:30"),
        ("room 101, 2026", "room 101, 2026"),
        ("add @some_name please", "add [HANDLE] please"),
        ("someone@example.com", "[HANDLE]"),
        ("name#1234", "[HANDLE]"),
        ("it costs $50", "it costs [MONEY]"),
        ("1.000,50 €", "[MONEY]"),
        ("R$ 20", "[MONEY]"),
        ("200 euros please", "[MONEY] please"),
        ("5万円ください", "[MONEY]ください"),
        ("I have 50 eurostars", "I have 50 eurostars"),
        ("she is 16", "she is 16"),
    ],
)
def test_links_numbers_handles_and_money_become_tokens(written: str, read: str) -> None:
    assert PREPARER.prepare(written) == read


@pytest.mark.parametrize("media", MEDIA)
def test_a_medium_stands_before_its_caption(media: str) -> None:
    assert PREPARER.prepare("", media) == TOKENS[media]
    assert PREPARER.prepare("look", media) == f"{TOKENS[media]} look"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("p i c s", "pics"),
        ("s e n d it", "send it"),
        ("p.i.c and p-i-c, w*h*y", "pic and pic, why"),
        ("I a m here", "Iam here"),
        ("a b", "a b"),
        ("x-ray, t-shirt", "x-ray, t-shirt"),
        ("don't t e l l", "don't tell"),
        ("it's a b c", "it's abc"),
        ("s3nd ph0t0", "send photo"),
        ("wh@t a p1c", "what a pic"),
        ("2nd 4pm gr8 l8r 10min covid19 ok!", "2nd 4pm gr8 l8r 10min covid19 ok!"),
        ("someone@example.com, $5k", "[HANDLE], [MONEY]"),
        ("[M4SK] <u4k>", "[M4sk] <u4k>"),
        ("[L I N K]", "[link]"),
        ("hi!you", "hi!you"),
        ("p!c7ur3", "picture"),
        ("a+b, r2d2, b2b", "a+b, r2d2, b2b"),
        ("53cre+, 3nv0i3, te1|, di$, $chick", "secret, envoie, teil, dis, schick"),
        ("1v1 4x4 4chan 5mins 3ds mp3 20h30 c++ k8s", "1v1 4x4 4chan 5mins 3ds mp3 20h30 c++ k8s"),
    ],
)
def test_disguised_words_are_read_plainly(written: str, read: str) -> None:
    assert PREPARER.prepare(written) == read


def test_an_unknown_medium_is_an_error() -> None:
    with pytest.raises(KeyError):
        PREPARER.prepare("look", "hologram")


@pytest.mark.parametrize(
    "written", ["[IMAGE]", wide("[LINK]"), "[LI\u200bNK]", "[L\u0406NK]", "<unk>"]
)
def test_nobody_can_type_a_token(written: str) -> None:
    read = PREPARER.prepare(written)
    assert read
    assert not [token for token in (*TOKENS.values(), "<unk>") if token in read]


def test_a_long_text_keeps_its_head_and_its_tail() -> None:
    read = PREPARER.prepare("a" * MAX_CHARS + "m" * 100 + "z" * MAX_CHARS)
    assert read == "a" * (MAX_CHARS // 2) + " " + "z" * (MAX_CHARS // 2)


def test_invisible_padding_does_not_push_words_out() -> None:
    pad = "\u200b" * (2 * MAX_CHARS)
    assert PREPARER.prepare(f"{pad}hel{pad}lo{pad}") == "hello"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "0",
        "a.",
        "@",
        "1,",
        "+1 ",
        "a-",
        "$1 ",
        "http://",
        "(0",
        "\u0301\u0323",
        "\ufdfa",
        "a ",
        "a.",
        "a0",
    ],
)
def test_a_million_hostile_characters_come_back_short(piece: str) -> None:
    # A pattern that backtracks without bound would hang here for hours, not for a moment.
    # NFKC makes at most 18 characters of one; a token is at most 10 long.
    assert len(PREPARER.prepare(piece * (1_000_000 // len(piece)))) <= 18 * (MAX_CHARS + 1)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=200), st.sampled_from([None, *MEDIA]))
def test_any_text_comes_out_normal_and_without_invisible_characters(
    text: str, media: str | None
) -> None:
    read = PREPARER.prepare(text, media)
    assert unicodedata.is_normalized("NFKC", read)
    assert "\u200b" not in read
    read.encode("utf-8")  # no lone surrogate is left


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SEND ME THE PICTURE", "send me the picture"),
        ("SEND ME MONEY or i send YOUR PICS", "send me money or i send your pics"),
        ("I HAVE A SECRET, DON'T TELL", "I have a secret, don't tell"),
        ("GIVE ME US$50 NOW", "give me [MONEY] now"),
        ("do it NOW or else, OK", "do it now or else, ok"),
        ("\u00c9 VERDADE, N\u00c3O \u00c9", "\u00c9 verdade, n\u00e3o \u00e9"),
        ("LINE\u6559\u3048\u3066\u3001DM\u3067", "LINE\u6559\u3048\u3066\u3001DM\u3067"),
        ("Plan B, I do", "Plan B, I do"),
        ("Hello There My Friend", "Hello There My Friend"),
        ("<UNK> COME [MASK]", "(unk) come [mask]"),  # what it makes is a reserved word
        ("H4VE F4K3 PICS NOW", "Have fake pics now"),
    ],
)
def test_what_is_shouted_is_read_as_if_it_were_said(written: str, read: str) -> None:
    assert PREPARER.prepare(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("s\u0336e\u0336n\u0336d\u0336 it", "send it"),  # struck through
        ("s\u0332e\u0332n\u0332d i\u20e3t", "send it"),  # underlined, boxed
        ("e\u0336\u0301te\u0301", "\u00e9t\u00e9"),  # the accent belongs to its letter
        ("\u304b\u3099", "\u304c"),
        ("send\u2800me\u3164it\u2028now", "send me it now"),
        ("\u1d00\u0299\u1d04 s\u1d07\u0274\u1d05", "abc send"),
        ("\U0001f171ruh \U0001f162\U0001f154\U0001f15d\U0001f153", "bruh send"),
        ("\U0001f1e9\U0001f1ea", "\U0001f1e9\U0001f1ea"),  # a flag is no word
        ("s\ne\nn\nd it, p  i  c  s", "send it, pics"),
        ("s,e,n,d p/i/c", "send pic"),
        ("w/o, y/n, x,y", "w/o, y/n, x,y"),
    ],
)
def test_marks_blanks_and_shapes_hide_no_word(written: str, read: str) -> None:
    assert PREPARER.prepare(written) == read


@pytest.mark.parametrize("version", [1, 2])
def test_older_tables_are_read_and_undo_less(version: int) -> None:
    table = build_table() | {"version": version}
    for key in ("blanks", "marks"):
        del table[key]
    if version == 1:
        del table["disguises"]
    else:
        del table["disguises"]["capitals"]
    preparer = TextPreparer(table)
    assert preparer.prepare("SEND ME THE PICTURE") == "SEND ME THE PICTURE"
    assert preparer.prepare("s\u0336") == "s\u0336"
    assert preparer.prepare("p i c s") == ("pics" if version == 2 else "p i c s")
    with pytest.raises(BundleError, match="not known"):
        TextPreparer(table | {"marks": []})


def test_the_table_is_the_same_after_a_trip_through_json() -> None:
    table = json.loads(json.dumps(build_table()))
    assert table == build_table()
    assert TextPreparer(table).prepare("\u0441hat $5") == "chat [MONEY]"


@pytest.mark.parametrize("fragment", ["(?<", "\\b", "\\w", "\\d", "\\s", "(?i", "\\-", "\\/", "*"])
def test_patterns_use_only_what_python_and_javascript_share(fragment: str) -> None:
    table = build_table()
    sources = [*table["patterns"].values(), table["word"], table["latin"]]
    sources += [part["pattern"].replace("[*]", "") for part in table["disguises"].values()]
    assert not [source for source in sources if fragment in source]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("version", 4, "newer"),
        ("max_chars", 0, "between"),
        ("invisible", [[1, 2, 3]], "2 entries"),
        ("word", "[", "not a pattern"),
        ("confusables", {"ab": "c"}, "one character"),
        ("patterns", {"link": "(a)"}, "missing"),
        ("tokens", {**TOKENS, "hologram": "[H]"}, "not known"),
        ("empty", [], "entries"),
        ("disguises", {"apart": {}}, "missing"),
        (
            "disguises",
            {name: {"pattern": "(^)a", "letters": {"ab": ""}} for name in DISGUISES},
            "one character",
        ),
        ("disguises", {name: {"pattern": "a", "letters": {}} for name in DISGUISES}, "1 groups"),
    ],
)
def test_a_faulty_table_is_refused(key: str, value: object, words: str) -> None:
    table = {**copy.deepcopy(build_table()), key: value}
    with pytest.raises(BundleError, match=words):
        TextPreparer(table)


@pytest.mark.parametrize(
    ("ids", "chunks"),
    [
        ([], [[]]),
        ([1, 2, 3], [[1, 2, 3]]),
        ([1, 2, 3, 4], [[1, 2, 3], [4]]),
        (list(range(12)), [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]),
        (list(range(100)), [[0, 1, 2], [3, 4, 5], [94, 95, 96], [97, 98, 99]]),
    ],
)
def test_chunks_keep_the_head_and_the_tail(ids: list[int], chunks: list[list[int]]) -> None:
    assert split_chunks(ids, 3, 4) == chunks


def test_one_chunk_is_the_head() -> None:
    assert split_chunks(list(range(10)), 4, 1) == [[0, 1, 2, 3]]
