"""Perturbations of one message's text, written apart from the noise of training (`data/noise.py`).

Each takes (text, rng, strength, language): `strength` 0..1 is the share of the words that it
touches. The same rng state gives the same text.
"""

from __future__ import annotations

import random
import re
import string
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from safelight_training.data.languages import LANGUAGES, language_lists

TextChange = Callable[[str, random.Random, float, str], str]
#: A run of letters; scripts without spaces are cut into pieces of PIECE letters.
WORD = re.compile(r"[^\W\d_]+")
PIECE = 4
LEET = {"a": "@4", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1|", "o": "0", "s": "$5",
        "t": "7+", "z": "2"}  # fmt: skip
#: Letters of the Cyrillic, Greek, Armenian and full-width blocks that look like Latin ones.
HOMOGLYPHS = {"a": "аａ", "c": "сϲ", "d": "ԁ", "e": "еｅ", "h": "һ", "i": "іι", "j": "ј", "k": "κ",
              "l": "ӏ", "n": "ո", "o": "оοօ", "p": "рρ", "s": "ѕｓ", "u": "սυ", "v": "ѵν",
              "w": "ԝ", "x": "х", "y": "у"}  # fmt: skip
HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\u180e\ufe0f"
EMOJI = ("😀", "🥺", "❤️", "😜", "💯", "🤷", "😳", "🙏🏽", "👉👈", "🫶", "💅", "🤡")
TABLE = Path(__file__).with_name("code_switch.txt")


def by_word(
    text: str,
    rng: random.Random,
    strength: float,
    change: Callable[[str], str],
    fits: Callable[[str], bool] = lambda word: len(word) >= 2,
) -> str:
    """`change` on a share `strength` of the words that fit (two letters), one at least."""
    spans = [part for found in WORD.finditer(text) for part in _pieces(*found.span(), text)]
    spans = [s for s in spans if fits(text[s[0] : s[1]])]
    if not spans:
        return text
    count = max(1, round(strength * len(spans)))
    parts, at = [], 0
    for start, stop in sorted(rng.sample(spans, count)):
        parts += [text[at:start], change(text[start:stop])]
        at = stop
    return "".join([*parts, text[at:]])


def _pieces(start: int, stop: int, text: str) -> list[tuple[int, int]]:
    if text[start:stop].isascii() or unicodedata.name(text[start], "").startswith("LATIN"):
        return [(start, stop)]
    return [(at, min(at + PIECE, stop)) for at in range(start, stop, PIECE)]


def typos(text: str, rng: random.Random, strength: float, language: str) -> str:
    """A letter lost, doubled, swapped with the next, or a wrong one put in."""

    def slip(word: str) -> str:
        i = rng.randrange(len(word) - 1)
        kind = rng.randrange(4)
        if kind == 0:
            return word[:i] + word[i + 1 :]
        if kind == 1:
            return word[: i + 1] + word[i:]
        if kind == 2:
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        return word[:i] + rng.choice(string.ascii_lowercase) + word[i:]

    return by_word(text, rng, strength, slip)


@cache
def _keys(language: str) -> dict[str, str]:
    """Letter → the letters left, right, above and below it on the keyboard of the language."""
    known = language if language in LANGUAGES else "en"
    rows = language_lists(known)["keyboard"]
    near: dict[str, str] = {}
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            around = [(y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)]
            near[letter] = "".join(
                rows[v][u] for v, u in around if 0 <= v < len(rows) and 0 <= u < len(rows[v])
            )
    return near


def keyboard(text: str, rng: random.Random, strength: float, language: str) -> str:
    """One letter a word replaced by a key beside, above or below it."""
    near = _keys(language)

    def miss(word: str) -> str:
        places = [i for i, letter in enumerate(word) if letter.lower() in near]
        if not places:
            return word
        i = rng.choice(places)
        return word[:i] + rng.choice(near[word[i].lower()]) + word[i + 1 :]

    return by_word(text, rng, strength, miss)


def no_accents(text: str, rng: random.Random, strength: float, language: str) -> str:
    """Accents and umlauts dropped; voicing marks of kana stay (they are letters there)."""
    return by_word(text, rng, strength, _bare, lambda word: _bare(word) != word)


def _bare(word: str) -> str:
    if not all(unicodedata.name(letter, "").startswith("LATIN") for letter in word):
        return word
    split = unicodedata.normalize("NFD", word)
    return "".join(c for c in split if not unicodedata.combining(c)).replace("ß", "ss")


def emoji(text: str, rng: random.Random, strength: float, language: str) -> str:
    """An emoji after a word."""
    return by_word(text, rng, strength, lambda word: f"{word} {rng.choice(EMOJI)}")


def leetspeak(text: str, rng: random.Random, strength: float, language: str) -> str:
    """Digits and signs for letters, two letters in three."""
    return by_word(text, rng, strength, lambda word: _replaced(word, LEET, rng, 0.67))


def homoglyphs(text: str, rng: random.Random, strength: float, language: str) -> str:
    """Letters of other alphabets that look the same, two letters in three."""
    return by_word(text, rng, strength, lambda word: _replaced(word, HOMOGLYPHS, rng, 0.67))


def _replaced(word: str, table: dict[str, str], rng: random.Random, share: float) -> str:
    return "".join(
        rng.choice(table[c.lower()]) if c.lower() in table and rng.random() < share else c
        for c in word
    )


def zero_width(text: str, rng: random.Random, strength: float, language: str) -> str:
    """An invisible character between two letters."""

    def hide(word: str) -> str:
        i = rng.randrange(1, len(word))
        return word[:i] + rng.choice(HIDDEN) + word[i:]

    return by_word(text, rng, strength, hide)


def spaced(text: str, rng: random.Random, strength: float, language: str) -> str:
    """Letters apart, with spaces, dots or dashes between them."""
    return by_word(text, rng, strength, lambda word: rng.choice(" .-").join(word))


def capitals(text: str, rng: random.Random, strength: float, language: str) -> str:
    """Words in a row in capitals: what is shouted."""
    spans = [found.span() for found in WORD.finditer(text)]
    if not spans:
        return text
    count = max(1, round(strength * len(spans)))
    first = rng.randrange(len(spans) - count + 1)
    start, stop = spans[first][0], spans[first + count - 1][1]
    return text[:start] + text[start:stop].upper() + text[stop:]


@cache
def _translations(language: str) -> dict[str, str]:
    """Word of the language → its English one, and from English into Spanish; see the table."""
    head, *lines = (
        line.split() for line in TABLE.read_text("utf-8").splitlines() if line[:1] not in ("#", "")
    )
    source = head.index(language) if language in head else head.index("en")
    target = head.index("en") if language in head and language != "en" else head.index("es")
    return {line[source]: line[target].replace("-", " ") for line in lines}


def code_switch(text: str, rng: random.Random, strength: float, language: str) -> str:
    """Common words in another language: English ones, or Spanish ones in English."""
    table = _translations(language)
    if language == "ja":
        known = [word for word in table if word in text]
        for word in rng.sample(known, round(strength * len(known))):
            text = text.replace(word, f" {table[word]} ", 1)
        return text
    return WORD.sub(
        lambda m: table[m[0].lower()] if m[0].lower() in table and rng.random() < strength
        else m[0],
        text,
    )  # fmt: skip


TEXT_CHANGES: dict[str, TextChange] = {
    "typos": typos, "keyboard": keyboard, "no_accents": no_accents, "emoji": emoji,
    "leetspeak": leetspeak, "homoglyphs": homoglyphs, "zero_width": zero_width, "spaced": spaced,
    "capitals": capitals, "code_switch": code_switch,
}  # fmt: skip
