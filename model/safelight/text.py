"""Text preparation: the one function that every port and training share, driven by text.json."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from safelight import reading
from safelight.reading import BundleError
from safelight.taxonomy import MEDIA

#: The newest version of text.json that this code reads.
TABLE_VERSION = 3
#: What the patterns replace, in the order in which they run.
PATTERNS = ("link", "phone", "handle", "money")
#: How words are disguised, and since which version of a table it is undone: letters set apart, a
#: text in capitals, digits and signs for letters.
DISGUISES = {"apart": 2, "capitals": 3, "leet": 2}
_KEYS = (
    "version",
    "max_chars",
    "invisible",
    "word",
    "latin",
    "confusables",
    "reserved",
    "patterns",
    "tokens",
    "empty",
)
#: Keys that tables have only since a version.
_SINCE = {"disguises": 2, "blanks": 3, "marks": 3}
_WHERE = "text.json"
_SURROGATES = re.compile("[\ud800-\udfff]")


class TextPreparer:
    """Turns a message into the text that the tokenizer reads. Immutable; pure.

    table: the content of text.json. Raises BundleError if it is malformed.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        version = reading.integer(table.get("version"), f"{_WHERE}: version", low=1, high=1_000_000)
        if version > TABLE_VERSION:
            raise BundleError(f"{_WHERE}: version {version} is newer than this safelight reads")
        found = reading.exact_keys(dict(table), (*_KEYS, *_known(_SINCE, version)), _WHERE)
        self._apart, self._capitals, self._leet = _disguises(found.get("disguises", {}), version)
        self._max_chars = reading.integer(
            found["max_chars"], f"{_WHERE}: max_chars", low=2, high=100_000
        )
        self._invisible = {
            **_ranges(found["invisible"], "invisible", None),
            **_ranges(found.get("blanks", []), "blanks", " "),
        }
        self._marks = _ranges(found.get("marks", []), "marks", None)
        self._any_mark = _any_of(map(chr, self._marks))
        self._word = _pattern(found["word"], f"{_WHERE}: word")
        self._latin = _pattern(found["latin"], f"{_WHERE}: latin")
        confusables = _strings(found["confusables"], "confusables")
        self._confusables, self._any_confusable = str.maketrans(confusables), _any_of(confusables)
        self._reserved = _strings(found["reserved"], "reserved")
        self._any_reserved = _any_of(self._reserved)
        sources = reading.exact_keys(found["patterns"], PATTERNS, f"{_WHERE}: patterns")
        tokens = _strings(
            reading.exact_keys(found["tokens"], (*MEDIA, *PATTERNS), f"{_WHERE}: tokens"), "tokens"
        )
        self._media = {kind: tokens[kind] for kind in MEDIA}
        self._patterns = {
            name: _pattern(sources[name], f"{_WHERE}: patterns.{name}", groups=1)
            for name in PATTERNS
        }
        self._replaced = [(self._patterns[name], _by(tokens[name])) for name in PATTERNS]
        #: Tokens that may stand for a message without any, the preferred first.
        self.empty = tuple(
            reading.text(token, f"{_WHERE}: empty")
            for token in reading.sequence(found["empty"], f"{_WHERE}: empty", least=1)
        )

    def prepare(self, text: str, media: str | None = None) -> str:
        """Return the prepared text of one message, its medium's token first.

        Never raises for any `text`; takes time in proportion to its length. A `media` outside
        taxonomy.MEDIA is a KeyError.
        """
        text = self._cut(_SURROGATES.sub("\ufffd", text).translate(self._invisible))
        normal = unicodedata.normalize("NFKC", text)
        if normal != text:  # else nothing invisible can have come of it
            text = normal.translate(self._invisible)
        if self._any_confusable.search(text):
            text = self._word.sub(self._fold, text)
        text = unicodedata.normalize("NFKC", text)
        if self._any_mark.search(text):  # the marks that belong to a letter are part of it by now
            text = text.translate(self._marks)
        text = self._capitals(self._apart(text))
        # After these two: what they make could spell a reserved word.
        if self._any_reserved.search(text):
            for literal, replacement in self._reserved.items():
                text = text.replace(literal, replacement)
        for pattern, replace in self._replaced:
            text = pattern.sub(replace, text)
        text = self._leet(text)  # after the patterns: amounts and addresses hold digits too
        if media is None:
            return text
        return f"{self._media[media]} {text}" if text else self._media[media]

    def folded(self, text: str) -> str:
        """Return `text` in NFKC with every look-alike folded, not those of Latin words alone.

        For comparing names and addresses, never for the model. Not cut; case stays.
        """
        text = _SURROGATES.sub("\ufffd", text).translate(self._invisible)
        text = unicodedata.normalize("NFKC", text).translate(self._invisible)
        text = unicodedata.normalize("NFKC", text.translate(self._confusables))
        return text.translate(self._marks)

    def found(self, name: str, text: str) -> Iterator[str]:
        """Yield what the pattern `name` (one of PATTERNS) would replace in a folded text."""
        for match in self._patterns[name].finditer(text):
            yield match.group()[len(match.group(1)) :]

    def _cut(self, text: str) -> str:
        # Invisible code points are gone by now: padding with them cannot push the words out.
        if len(text) <= self._max_chars:
            return text
        half = self._max_chars // 2
        return f"{text[:half]} {text[-half:]}"

    def _fold(self, match: re.Match[str]) -> str:
        word = match.group()
        return word.translate(self._confusables) if self._latin.search(word) else word


def split_chunks(ids: Sequence[int], max_tokens: int, max_chunks: int) -> list[list[int]]:
    """Split token ids into 1 to `max_chunks` chunks of at most `max_tokens`, in reading order.

    What is too long keeps the first half of the chunks from its head (the larger half, if odd)
    and the rest from its tail; the middle is dropped. No ids give one empty chunk.
    """
    kept = list(ids)
    if len(kept) <= max_tokens:
        return [kept]
    if len(kept) > max_tokens * max_chunks:
        tail = max_tokens * (max_chunks // 2)
        head = max_tokens * max_chunks - tail
        kept = kept[:head] + kept[len(kept) - tail :]
    starts = range(0, len(kept), max_tokens)
    return [kept[start : start + max_tokens] for start in starts]


def _known(since: Mapping[str, int], version: int) -> tuple[str, ...]:
    """The keys that a table of this version has."""
    return tuple(key for key, first in since.items() if version >= first)


def _disguises(value: Any, version: int) -> list[Callable[[str], str]]:
    """The change of each of DISGUISES; none of those that a table of this version lacks."""
    found = reading.exact_keys(value, _known(DISGUISES, version), f"{_WHERE}: disguises")
    return [_undo(found[name], name) if name in found else str for name in DISGUISES]


def _undo(value: Any, name: str) -> Callable[[str], str]:
    """Replaces characters by `letters` in what the pattern matches after its group 1."""
    where = f"{_WHERE}: disguises.{name}"
    found = reading.exact_keys(value, ("pattern", "letters"), where)
    pattern = _pattern(found["pattern"], where, groups=1)
    letters = {}
    for key, letter in reading.mapping(found["letters"], where).items():
        if len(key) != 1 or not isinstance(letter, str) or len(letter) > 1:
            raise BundleError(f"{where}: letters must map one character to one or none")
        letters[ord(key)] = letter

    def plain(match: re.Match[str]) -> str:
        kept = match.group(1)
        return kept + match.group()[len(kept) :].translate(letters)

    changing = _any_of(map(chr, letters))
    return lambda text: pattern.sub(plain, text) if changing.search(text) else text


def _by(token: str) -> Callable[[re.Match[str]], str]:
    """Puts `token` behind group 1 of a match; a function is quicker than a template."""
    return lambda match: (match.group(1) or "") + token


def _any_of(literals: Iterable[str]) -> re.Pattern[str]:
    """Finds whether a text holds any of these at all, which few do; of none it finds nothing."""
    return re.compile("|".join(map(re.escape, literals)) or "(?!)")


def _ranges(value: Any, name: str, becomes: str | None) -> dict[int, str | None]:
    """What `str.translate` makes of the code points of the ranges `name`."""
    where = f"{_WHERE}: {name}"
    found: dict[int, str | None] = {}
    for pair in reading.sequence(value, where):
        ends = reading.sequence(pair, where, least=2, most=2)
        low, high = (reading.integer(end, where, low=0, high=0x10FFFF) for end in ends)
        found.update(dict.fromkeys(range(low, high + 1), becomes))
    return found


def _strings(value: Any, name: str) -> dict[str, str]:
    where = f"{_WHERE}: {name}"
    found = reading.mapping(value, where)
    for key, entry in found.items():
        reading.text(key, where)
        reading.text(entry, where)
        if name == "confusables" and len(key) != 1:
            raise BundleError(f"{where}: each key must be one character")
    return found


def _pattern(value: Any, where: str, groups: int = 0) -> re.Pattern[str]:
    source = reading.text(value, where, most=20_000)
    try:
        pattern = re.compile(source)
    except re.error:
        raise BundleError(f"{where}: not a pattern that can be read") from None
    if pattern.groups != groups:
        raise BundleError(f"{where}: must have {groups} groups")
    return pattern
