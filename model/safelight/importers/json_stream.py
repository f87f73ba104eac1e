"""A small incremental JSON reader: walks a large document without holding it.

Containers are walked member by member; a value is decoded only when asked for.
Memory is bounded by one chunk plus the largest single value decoded. Telegram spells a
control character as `\\xNN`, which JSON does not know: that is read as meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

_SPACE = re.compile(r"[ \t\r\n]*")
_CHUNK = 65_536

#: The largest value decoded in one piece, in characters.
MAX_VALUE = 4 * 1024 * 1024
_MAX_DEPTH = 64

#: A pair of backslashes, or what Telegram writes for a control character.
_ESCAPES = re.compile(r"\\\\|\\x([0-9A-Fa-f]{2})")

#: The deepest indent, in blanks, at which a value that cannot be read may end.
_MAX_INDENT = 32
#: White space that may stand between such a value and what follows it, at most.
_GAP = 8

#: A number may go on behind what was decoded, at least so many characters ("e-5").
_BEHIND = 3


class JsonStreamError(ValueError):
    """The document cannot be read further. `line` counts from 1.

    `read`: so many characters of the value at the cursor were looked at; None if the reader
    cannot go on behind that value (see `JsonStream.pass_broken`).
    """

    def __init__(self, what: str, line: int, read: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.line = line
        self.read = read


class JsonStream:
    """A cursor over a text stream that holds one JSON document, behind so many lines."""

    def __init__(self, stream: TextIO, lines_before: int = 0) -> None:
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._lines_before = lines_before  # those before `_counted`, a place in the buffer
        self._counted = 0
        self._margin = ""  # of the line that the buffer starts in, what stands before it
        self._ended = False
        self._decoder = json.JSONDecoder()

    @property
    def line(self) -> int:
        """The line that the cursor is on, from 1."""
        self._lines_before += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return 1 + self._lines_before

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            found = self._buffer[self._at : self._at + 1]
            if found and found not in " \t\r\n":
                return found
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at == len(self._buffer) and not self._more(_CHUNK):
                return ""

    def members(self) -> Iterator[str]:
        """Keys of the object at the cursor; the caller consumes each value before the next key."""
        self._take("{")
        while self.peek() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise self._error("a key is not a text")
            self._take(":")
            yield key
            self._separator("}")
        self._take("}")

    def items(self) -> Iterator[None]:
        """Positions of the array at the cursor; the caller consumes each item."""
        self._take("[")
        while self.peek() != "]":
            yield None
            self._separator("]")
        self._take("]")

    def value(self) -> Any:
        """Decode the value at the cursor. Raises `JsonStreamError`; the cursor then stays."""
        if not self.peek():
            raise self._error("the file ends too early (was it cut short?)")
        end: int | None
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._mended(error):
                    continue
                self._check(error)
                value, end = None, None
            except (RecursionError, ValueError):
                raise self._error("nested too deep or with too large a number") from None
            if end is not None and (len(self._buffer) - end >= _BEHIND or self._ended):
                self._at = end
                return value
            held = len(self._buffer) - self._at
            if held > MAX_VALUE:
                raise self._error(f"a value is longer than {MAX_VALUE:,} characters", held)
            if not self._more(max(_CHUNK, held)) and end is None:
                raise self._error("the file ends too early (was it cut short?)")

    def skip(self, depth: int = 0) -> None:
        """Pass over the value at the cursor without keeping it."""
        if depth > _MAX_DEPTH:
            raise self._error("nested too deep or with too large a number")
        start = self.peek()
        if start == "{":
            for _ in self.members():
                self.skip(depth + 1)
        elif start == "[":
            for _ in self.items():
                self.skip(depth + 1)
        else:
            self.value()

    def pass_broken(self, error: JsonStreamError) -> bool:
        """Go behind the value at the cursor that `value` could not read; False if it has no end.

        The end is the next line of the value's own indent and a brace. Nobody can type such a
        line: in a text a line break is escaped.
        """
        margin = self._before()
        if error.read is None or margin.strip(" ") or len(margin) > _MAX_INDENT:
            return False
        end = re.compile(rf"\n{margin}\}}(?=\s{{0,{_GAP}}}[,\]])")
        # What was looked at is passed, so that no file takes more time than its length.
        self._at = max(self._at, self._buffer.rfind("\n", 0, self._at + error.read + 1))
        while not (found := end.search(self._buffer, self._at)):
            kept = len(margin) + _GAP + len("\n},")
            self._at = max(self._at, len(self._buffer) - kept)
            if not self._more(_CHUNK):
                return False
        self._at = found.end()
        return True

    def _before(self) -> str:
        """What stands before the cursor in its line, its start alone where that is long."""
        start = self._buffer.rfind("\n", 0, self._at) + 1
        line = self._buffer[start : min(self._at, start + _MAX_INDENT + 1)]
        return line if start else (self._margin + line)[: _MAX_INDENT + 1]

    def _mended(self, error: json.JSONDecodeError) -> bool:
        """Whether there was an escape of Telegram's, which now is one of JSON's."""
        if not (error.msg.startswith("Invalid \\escape") and _ESCAPES.match(error.doc, error.pos)):
            return False
        held = self._buffer[self._at :]
        self._buffer = self._buffer[: self._at] + _ESCAPES.sub(_in_json, held)
        return True

    def _check(self, error: json.JSONDecodeError) -> None:
        """Raise, unless the error may only mean that the buffer ends here."""
        near_end = error.pos >= len(self._buffer) - len("-Infinity")
        if not near_end and not error.msg.startswith("Unterminated string"):
            line = self.line + self._buffer.count("\n", self._at, error.pos)
            raise JsonStreamError("not valid JSON", line, error.pos - self._at)

    def _take(self, wanted: str) -> None:
        found = self.peek()
        if not found:
            raise self._error("the file ends too early (was it cut short?)")
        if found != wanted:
            raise self._error("not valid JSON")
        self._at += 1

    def _separator(self, closing: str) -> None:
        if self.peek() != closing:
            self._take(",")

    def _more(self, size: int) -> bool:
        chunk = "" if self._ended else self._stream.read(size)
        self._ended = self._ended or not chunk
        self._margin = self._before()
        self._lines_before += self._buffer.count("\n", self._counted, self._at)
        self._buffer = self._buffer[self._at :] + chunk
        self._at = self._counted = 0
        return bool(chunk)

    def _error(self, what: str, read: int | None = None) -> JsonStreamError:
        return JsonStreamError(what, self.line, read)


def _in_json(escape: re.Match[str]) -> str:
    return f"\\u00{escape[1]}" if escape[1] else escape[0]
