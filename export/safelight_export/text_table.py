"""The table that drives text preparation: builds the content of the bundle's text.json.

The patterns are written in what Python's `re` and JavaScript's RegExp with the u flag read the
same way: explicit classes only, no flags, no look-behind, every repetition bounded. Group 1 of
each is what stands before the match and is kept. Parts that follow each other share no
character, so that no text takes more than time in proportion to its length.
"""

from __future__ import annotations

import re
from typing import Any

TABLE_VERSION = 3
#: Code points kept of a message, half from its head and half from its tail.
MAX_CHARS = 4000

TOKENS = {
    "image": "[IMAGE]",
    "video": "[VIDEO]",
    "voice": "[VOICE]",
    "file": "[FILE]",
    "sticker": "[STICKER]",
    "location": "[LOCATION]",
    "call": "[CALL]",
    "contact": "[CONTACT]",
    "deleted": "[DELETED]",
    "link": "[LINK]",
    "phone": "[PHONE]",
    "handle": "[HANDLE]",
    "money": "[MONEY]",
}

#: Names that a tokenizer file gives to pieces with a meaning of their own.
_SPECIAL = ("<unk>", "<s>", "</s>", "<pad>", "<mask>", "[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")

#: Zero-width, bidirectional, filler, variation and control code points, first and last included.
INVISIBLE = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1F),
    (0x7F, 0x84),
    (0x86, 0x9F),
    (0xAD, 0xAD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)

#: What looks like a blank and is none to the tokenizer: line ends, fillers with a width.
BLANKS = (
    (0x85, 0x85), (0x1680, 0x1680), (0x2028, 0x2029), (0x2800, 0x2800), (0x3164, 0x3164),
    (0xFFA0, 0xFFA0),
)  # fmt: skip
#: Marks that strike out, underline or cover a letter; those of the languages are part of their
#: letters once a text is in its normal form.
MARKS = ((0x300, 0x36F), (0x483, 0x489), (0x1AB0, 0x1AC0), (0x20D0, 0x20F0), (0xFE20, 0xFE2F))

# Marks, and letters with a normal form, that came after Unicode 13 (the oldest Python's): ports of
# different age would normalise them differently. They are dropped with the invisible ones.
# fmt: off
_NEWER = (
    (0x897, 0x89F), (0x8CA, 0x8D2), (0xC3C, 0xC3C), (0xCF3, 0xCF3), (0xECE, 0xECE),
    (0x1715, 0x1715), (0x180F, 0x180F), (0x1AC1, 0x1AEB), (0x1DFA, 0x1DFA), (0xA7F1, 0xA7F4),
    (0x105C9, 0x105E4), (0x10781, 0x107BA), (0x10D69, 0x10D6D), (0x10EFA, 0x10EFF),
    (0x10F82, 0x10F85), (0x11070, 0x11074), (0x110C2, 0x110C2), (0x11241, 0x11241),
    (0x11382, 0x11391), (0x113B8, 0x113E2), (0x11B60, 0x11B67), (0x11F00, 0x11F03),
    (0x11F34, 0x11F42), (0x11F5A, 0x11F5A), (0x13440, 0x13455), (0x1611E, 0x1612F),
    (0x16D63, 0x16D6A), (0x1CCD6, 0x1CCF9), (0x1CF00, 0x1CF46), (0x1DF04, 0x1DF0A),
    (0x1DF1E, 0x1DF1E), (0x1E030, 0x1E06D), (0x1E08F, 0x1E08F), (0x1E2AE, 0x1E2AE),
    (0x1E4EC, 0x1E4EF), (0x1E5EE, 0x1E5EF), (0x1E6E3, 0x1E6F5),
)
# fmt: on

# Each pair of strings stands letter under letter.
_CYRILLIC = "авгеһікмнопрстухјѕԁԛԝѵӏёїѐӓӧАВЕҺІКМНОРСТУХЈЅԀԚԜѴӀЁЇЀӒӦ"
_AS_LATIN = "abrehikmhonpctyxjsdqwvlëïèäöABEHIKMHOPCTYXJSDQWVIËÏÈÄÖ"
_GREEK = "αβγεηικμνορτυχωάέίόύΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_GREEK_AS_LATIN = "abyenikuvoptuxwáéíóúABEZHIKMNOPTYX"

# Letters of other shapes that no normal form turns into letters: small capitals, white on black.
_SHAPES = {
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True)),
    **{chr(start + i): chr(ord("a") + i) for start in (0x1F150, 0x1F170) for i in range(26)},
}

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_WORD = f"{_LATIN}\u0300-\u036f\u0370-\u052f"
_BLANK = " \t\n\r\u0085\u1680\u2028\u2029"
_DASH = "\u2010-\u2015\u2212-"


def _any_case(word: str) -> str:
    return "".join(f"[{c.upper()}{c}]" if "a" <= c <= "z" else c for c in word)


def _either(words: str) -> str:
    return "(?:" + "|".join(_any_case(word) for word in words.split()) + ")"


def _link() -> str:
    """An address with a scheme, www, a name under a common ending, or any name with a path."""
    before = "(^|[^A-Za-z0-9@._-])"
    rest = f"[^{_BLANK}]"
    labels = r"(?:[A-Za-z0-9-]{1,63}\.){1,8}"
    # Endings that are also words (it, me, so, no, to …) count only with a path: "fine.it is".
    endings = _either(
        "com net org info io gg ly app xyz online site club uk fr jp br eu ru example"
    )
    named = rf"{labels}{endings}(?![A-Za-z0-9-])(?:[/?#:]{rest}{{0,2000}})?"
    with_path = rf"{labels}[A-Za-z]{{2,12}}/{rest}{{1,2000}}"
    scheme = rf"[A-Za-z][A-Za-z0-9+.-]{{1,15}}://{rest}{{1,2000}}"
    www = rf"{_any_case('www')}\.{rest}{{1,2000}}"
    return f"{before}(?:{scheme}|{www}|{with_path}|{named})"


def _phone() -> str:
    """An international, a national (leading 0) or a North American number."""
    before = "(^|[^A-Za-z0-9_@+.,$€£¥#/-])"
    after = f"(?![A-Za-z0-9_@:]|[.,/{_DASH}][0-9])"
    gap = f"[ .()/{_DASH}]{{0,2}}"
    international = rf"\+[0-9](?:{gap}[0-9]){{7,14}}"
    national = rf"\(?0[0-9](?:{gap}[0-9]){{7,11}}"
    american = rf"\(?[2-9][0-9]{{2}}\)?[ .{_DASH}]{{0,2}}[0-9]{{3}}[ .{_DASH}]?[0-9]{{4}}"
    local = f"[2-9][0-9]{{2}}[{_DASH}][0-9]{{4}}"
    return f"{before}(?:{international}|{national}|{american}|{local}){after}"


def _handle() -> str:
    """An e-mail address, @name, or name#1234."""
    before = "(^|[^A-Za-z0-9._%+@-])"
    email = r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,12}"
    at = "@[A-Za-z0-9_][A-Za-z0-9_.]{1,29}"
    tagged = "[A-Za-z0-9_.]{2,32}#[0-9]{4}(?![0-9])"
    return f"{before}(?:{email}|{at}|{tagged})"


def _money() -> str:
    """An amount with a sign, a code or a word of currency before or after it."""
    before = "(^|[^A-Za-z0-9_.,])"
    figure = "(?:[0-9]{1,3}(?:[ .,'\u2019][0-9]{3}){1,4}|[0-9]{1,12})(?:[.,][0-9]{1,2})?[Kk]?"
    sign = "[$€£¥₹₽₩]"
    codes = _either("usd eur gbp jpy cad aud chf brl")
    words = _either(
        "dollars dollar bucks buck euros euro eur pounds pound quid yen francs franc franken "
        "reais real pesos libras dólares dólar sterline dollari dollaro usd gbp jpy cad aud chf brl"
    )
    first = rf"(?:[A-Za-z]{{0,3}}{sign}|{codes}) ?{figure}(?![0-9])"
    last = rf"{figure} ?(?:{sign}|{words}(?![{_LATIN}0-9])|[万千]?円|ドル|ユーロ)"
    return f"{before}(?:{first}|{last})"


#: What stands between letters that are set apart: blanks up to three in a row, signs once.
_APART_BLANKS, _APART_SIGNS = " \n", ".*_-,/|~+\u00b7\u2022"
#: Signs between which two letters are a word; more often the others stand in "w/o" and "x,y".
_TIGHT = ".*_-"
_KANA = "\u3000-\u30ff\u3400-\u9fff"  # with kanji and their marks
_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de\u0152\u0178"
#: Digits and signs for letters; those of _SURE in a word make it one that is written so.
_LEET = {"0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
         "@": "a", "$": "s", "|": "l", "!": "i", "+": "t"}  # fmt: skip
_SURE = "013457@$|"


def _letters_apart() -> str:
    """Three letters and more with the same between them; two where that is one of _TIGHT."""
    letter = f"[{_LATIN}]"
    runs = [f"{letter}(?:[{_APART_BLANKS}]{{1,3}}{letter}){{2,63}}"]
    runs += [f"{letter}(?:[{sign}]{letter}){{{1 if sign in _TIGHT else 2},63}}"
             for sign in _APART_SIGNS]  # fmt: skip
    return f"(^|[^{_LATIN}0-9'\u2019])(?:{'|'.join(runs)})(?![{_LATIN}0-9'\u2019])"


def _in_capitals() -> str:
    """A word in capitals, and all that follows without a small letter: what is shouted.

    Not beside kana or kanji, where names are written so ("LINE", "DM").
    """
    word = f"[{_CAPITAL}]['\u2019]?[{_CAPITAL}]"
    more = f"(?:[ \n'\u2019,.!?:;0-9-]{{0,3}}[{_CAPITAL}]){{0,400}}"
    return f"(^|[^{_LATIN}{_KANA}]){word}{more}(?![{_LATIN}{_KANA}])"


def _small_letters() -> dict[str, str]:
    found = map(chr, range(0x250))
    return {c: c.lower() for c in found if re.match(f"[{_CAPITAL}]", c)}


def _leet_word() -> str:
    """A word with a sure one of the signs between its letters or at both its ends, or that begins
    or ends with one that is no digit; and perhaps with others.

    "2nd", "5mins", "gr8", "covid19" and "hi!you" are none.
    """
    letters, sure, signs = f"[{_LATIN}]{{1,30}}", f"[{_SURE}]", f"[{''.join(_LEET)}]"
    more = f"(?:{signs}{{1,4}}{letters}){{0,6}}"
    within = f"{sure}{{0,2}}{letters}{more}{sure}{{1,3}}{letters}{more}[{_SURE}+]{{0,2}}"
    ends = f"{sure}{{1,2}}[{_LATIN}]{{2,30}}{more}[{_SURE}+]{{1,2}}"
    first = f"[$|][{_LATIN}]{{3,30}}"
    last = f"[{_LATIN}]{{2,30}}{sure}?[@$|]"
    before, after = rf"(^|[^{_LATIN}0-9@$#_<\[])", f"(?![{_LATIN}0-9@_])"
    return f"{before}(?:{within}|{ends}|{first}|{last}){after}"


def build_table() -> dict[str, Any]:
    """Return the content of text.json; the same on every call."""
    literals = (*TOKENS.values(), *_SPECIAL)
    return {
        "version": TABLE_VERSION,
        "max_chars": MAX_CHARS,
        "invisible": [list(ends) for ends in sorted(INVISIBLE + _NEWER)],
        "blanks": [list(ends) for ends in BLANKS],
        "marks": [list(ends) for ends in MARKS],
        "word": f"[{_WORD}{''.join(_SHAPES)}]+",
        "latin": f"[{_LATIN}{''.join(_SHAPES)}]",
        "confusables": {
            **dict(zip(_CYRILLIC + _GREEK, _AS_LATIN + _GREEK_AS_LATIN, strict=True)),
            **_SHAPES,
        },
        "reserved": {literal: f"({literal[1:-1]})" for literal in literals},
        "patterns": {"link": _link(), "phone": _phone(), "handle": _handle(), "money": _money()},
        "disguises": {
            "apart": {
                "pattern": _letters_apart(),
                "letters": dict.fromkeys(_APART_BLANKS + _APART_SIGNS, ""),
            },
            "capitals": {"pattern": _in_capitals(), "letters": _small_letters()},
            "leet": {"pattern": _leet_word(), "letters": dict(_LEET)},
        },
        "tokens": dict(TOKENS),
        "empty": ["<unk>", TOKENS["file"]],
    }
