"""The tags of a flat XML document one by one, in bounded memory, each parsed on its own.

A phone's backup is a long list of tags with attributes. No parser ever sees more
than one of them: a broken tag costs itself alone, nothing that a document declares
can expand, and attributes that nobody needs (a picture in base64) are dropped
while they stream by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from safelight.importers.records import MAX_TEXT, TextStream

#: The longest value and the longest tag kept, in characters as they stand in the file; a
#: character may be written as two references of eight.
MAX_VALUE = 16 * MAX_TEXT
MAX_TAG = 4 * MAX_VALUE
_MAX_VALUES = 256  # of one tag

_CHUNK = 65_536
_MARK = re.compile("[\"'>]")
_OUTSIDE = 256  # characters before a value in which its name is looked for
_NAME = re.compile(r"[/!?]?[\w.:-]*")
_CUT_REFERENCE = re.compile(r"&[^;&]{0,16}\Z")
_REFERENCES = re.compile(r"(?:&#(?:[xX][0-9A-Fa-f]{1,8}|[0-9]{1,10});)+")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_CODE_POINT = 0x10FFFF


class Declared(ValueError):
    """The document declares a type or entities. `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__("a document type is declared")
        self.line = line


@dataclass(frozen=True)
class Tag:
    """`name` starts with a slash for an end tag. `attributes` is None if the tag is broken."""

    name: str
    line: int
    empty: bool = False
    attributes: dict[str, str] | None = field(default=None, repr=False)


def tags(stream: TextStream, wanted: frozenset[str], dropped: str) -> Iterator[Tag]:
    """Yield start and end tags. Raises `Declared` before anything behind it is looked at.

    wanted: names of tags whose attributes are parsed. dropped: the attribute that is not kept.
    """
    raw: _Raw | None = None
    line = 1
    while chunk := stream.read(_CHUNK):
        at = 0
        while at < len(chunk):
            start = chunk.find("<", at)
            piece = chunk[at:] if start < 0 else chunk[at:start]
            line += piece.count("\n")
            if raw is not None:
                raw.feed(piece)
            if start < 0:
                break
            at = start + 1
            if raw is not None and raw.comment and not raw.done:
                raw.feed("<")
                continue
            if raw is not None:
                yield from raw.tag(wanted)
            raw = _Raw(line, dropped)
    if raw is not None:
        yield from raw.tag(wanted)


class _Raw:
    """One tag while its characters come in, without the first."""

    def __init__(self, line: int, dropped: str) -> None:
        self.done = self.comment = False
        self._line = line
        self._dropped = re.compile(rf"(?:\A|\s){dropped}\s*=\s*\Z")
        self._kept: list[str] = []
        self._size = 0
        self._start: str | None = ""  # the first characters, until there are three
        self._outside = ""
        self._quote = ""
        self._value = 0  # characters of the value kept so far
        self._values = 0
        self._skips = False

    def feed(self, piece: str) -> None:
        """Add characters; none of them is "<" except inside a comment."""
        if self._start is not None:
            self._start += piece
            if len(self._start) < len("!--"):
                return
            piece, self._start = self._start, None
            self.comment = piece.startswith("!--")
        if self._too_much:
            return  # nothing of it will be read
        if self.comment:
            self._outside = self._outside[-2:] + piece
            self.done = self.done or "-->" in self._outside
        else:
            self._add(piece)

    def _add(self, piece: str) -> None:
        at = 0
        while at < len(piece) and not self.done and not self._too_much:
            if self._quote:
                end = piece.find(self._quote, at)
                stop = len(piece) if end < 0 else end
                self._inside(piece[at:stop])
                if end >= 0:
                    self._keep(self._quote)
                    self._quote = self._outside = ""
            else:
                mark = _MARK.search(piece, at)
                stop = len(piece) if mark is None else mark.start()
                self._keep(piece[at:stop])
                self._outside = (self._outside + piece[at:stop])[-_OUTSIDE:]
                if mark is not None:
                    self._keep(mark[0])
                    self._meet(mark[0])
            at = stop + 1

    def _meet(self, mark: str) -> None:
        if mark == ">":
            self.done = True
            return
        self._quote, self._value = mark, 0
        self._values += 1
        self._skips = self._dropped.search(self._outside) is not None

    def _inside(self, piece: str) -> None:
        room = MAX_VALUE - self._value
        if self._skips or room <= 0:
            return
        self._value += len(piece)
        self._keep(piece[:room])
        if len(piece) >= room:
            # Half a reference at the cut would break the tag.
            tail = _CUT_REFERENCE.sub("", "".join(self._kept[-2:]))
            self._kept[-2:] = [tail]

    def _keep(self, piece: str) -> None:
        self._size += len(piece)
        if self._size <= MAX_TAG:
            self._kept.append(piece)

    @property
    def _too_much(self) -> bool:
        return self._size > MAX_TAG or self._values > _MAX_VALUES

    def tag(self, wanted: frozenset[str]) -> Iterator[Tag]:
        """The finished tag; nothing for comments and instructions. Raises `Declared`."""
        if self._start:
            self._add(self._start)
        text = "".join(self._kept)
        match = _NAME.match(text)
        name = match[0] if match else ""
        if name.startswith("!") and name != "!" and not self.comment:
            raise Declared(self._line)
        if self.comment or not name or name[0] in "!?":
            return
        if name not in wanted:
            yield Tag(name, self._line, text.endswith("/>"), {} if self.done else None)
            return
        whole = self.done and not self._too_much
        attributes = _attributes(text) if whole else None
        yield Tag(name, self._line, text.endswith("/>"), attributes)


def _attributes(text: str) -> dict[str, str] | None:
    """The attributes of one tag; None if it is not XML."""
    found: dict[str, str] = {}
    parser = ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.update(attributes)
    closed = text if text.endswith("/>") else text[:-1] + "/>"
    try:
        parser.Parse("<" + _repaired(closed), True)
    except ExpatError:
        return None
    return found


def _repaired(text: str) -> str:
    """Without what XML forbids and phones write: a character above U+FFFF as two references
    to halves of it, halves alone, and control characters."""
    if "&#" in text:
        text = _REFERENCES.sub(lambda match: _joined(match[0]), text)
    return _NO_CHARACTER.sub("\ufffd", text)


def _joined(references: str) -> str:
    points = [
        int(match[1], 16) if match[1] else int(match[2])
        for match in _REFERENCE.finditer(references)
    ]
    halves = "".join(chr(point) if point <= _MAX_CODE_POINT else "\ufffd" for point in points)
    characters = halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(c)};" if c in "<>&\"'\t\n\r" else c for c in characters)
