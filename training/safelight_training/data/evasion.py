"""How people write when a word should not be found, or when they cannot type it plainly.

Seeded changes to one text each, like the ones in `noise`: letters spaced or repeated, digits and
look-alikes for letters, invisible characters, other alphabets, words of another language.
"""

from __future__ import annotations

import random
import re

from safelight_training.data.languages import FOLDER, language_lists

WORD = re.compile(r"\w+", re.UNICODE)
LEET = str.maketrans("aeiostAEIOST", "431057431057")
#: Cyrillic and Greek letters that look like Latin ones.
LOOK_ALIKES = str.maketrans("aceopxyABEHKMOPTX", "асеорхуАВЕНКМОРТХ")
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
SEPARATORS = (" ", ".", "-", "_", "*")
#: Share of the words that a writer with the habit changes.
MANY = 0.25
KANA = re.compile(r"^[\u3040-\u30ff\u30fc\s\W\d]+$")


def long_word(text: str, rng: random.Random) -> tuple[int, int] | None:
    """Start and end of a random word of four letters or more."""
    words = long_words(text)
    return rng.choice(words) if words else None


def long_words(text: str) -> list[tuple[int, int]]:
    """Start and end of each word of four letters or more."""
    return [found.span() for found in WORD.finditer(text) if len(found[0]) >= 4]


def spaced_letters(text: str, rng: random.Random, language: str) -> str:
    """One word with the same separator between all its letters ("p i c s")."""
    if not (span := long_word(text, rng)):
        return text
    start, stop = span
    return text[:start] + rng.choice(SEPARATORS).join(text[start:stop]) + text[stop:]


def repeated_letters(text: str, rng: random.Random, language: str) -> str:
    """One letter inside a word written three to five times ("pleeease")."""
    if not (span := long_word(text, rng)):
        return text
    i = rng.randrange(*span)
    return text[:i] + text[i] * rng.randint(3, 5) + text[i + 1 :]


def leetspeak(text: str, rng: random.Random, language: str) -> str:
    """Digits for letters in one word of four and more letters out of four; in one at least."""
    words = long_words(text)
    for start, stop in rng.sample(words, min(len(words), max(1, round(MANY * len(words))))):
        text = text[:start] + text[start:stop].translate(LEET) + text[stop:]
    return text


def look_alikes(text: str, rng: random.Random, language: str) -> str:
    """Letters of other alphabets that look the same, in one word."""
    if not (span := long_word(text, rng)):
        return text
    start, stop = span
    return text[:start] + text[start:stop].translate(LOOK_ALIKES) + text[stop:]


def invisible(text: str, rng: random.Random, language: str) -> str:
    """An invisible character inside one word."""
    if not (span := long_word(text, rng)):
        return text
    i = rng.randrange(span[0] + 1, span[1])
    return text[:i] + rng.choice(INVISIBLE) + text[i:]


def transliterated(text: str, rng: random.Random, language: str) -> str:
    """Romaji for a message in kana; ae, oe, ue and ss in German; elsewhere unchanged."""
    if language == "ja" and KANA.match(text):
        import jaconv

        return str(jaconv.kana2alphabet(jaconv.kata2hira(text)))
    return text.translate(UMLAUTS) if language == "de" else text


def code_switched(text: str, rng: random.Random, language: str) -> str:
    """A short reaction of another language's chats before or after the text."""
    others = sorted(path.stem for path in FOLDER.glob("*.txt") if path.stem != language)
    word = rng.choice(language_lists(rng.choice(others))["reaction"])
    return f"{word} {text}" if rng.random() < 0.5 else f"{text} {word}"


#: Change, chance that a writer has the habit, chance per message of who has it.
EVASIONS = (
    (spaced_letters, 0.06, 0.15),
    (repeated_letters, 0.12, 0.12),
    (leetspeak, 0.12, 0.4),
    (look_alikes, 0.04, 0.3),
    (invisible, 0.04, 0.3),
    (transliterated, 0.2, 0.6),
    (code_switched, 0.12, 0.1),
)
