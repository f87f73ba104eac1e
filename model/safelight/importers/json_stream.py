"""A small incremental JSON reader: walks a large document without holding it.

Containers are walked member by member; a value is decoded only when asked for.
Memory is bounded by one chunk plus the largest single value decoded.
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

#: A number may go on behind what was decoded, at least so many characters ("e-5").
_BEHIND = 3


class JsonStreamError(ValueError):
    """The document cannot be read further. `line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


class JsonStream:
    """A cursor over a text stream that holds one JSON document, behind so many lines."""

    def __init__(self, stream: TextIO, lines_before: int = 0) -> None:
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._lines_before = lines_before  # those before `_counted`, a place in the buffer
        self._counted = 0
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
        """Decode the value at the cursor. Raises `JsonStreamError`."""
        if not self.peek():
            raise self._error("the file ends too early (was it cut short?)")
        end: int | None
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._check(error)
                value, end = None, None
            except (RecursionError, ValueError):
                raise self._error("nested too deep or with too large a number") from None
            if end is not None and (len(self._buffer) - end >= _BEHIND or self._ended):
                self._at = end
                return value
            held = len(self._buffer) - self._at
            if held > MAX_VALUE:
                raise self._error(f"a value is longer than {MAX_VALUE:,} characters")
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

    def _check(self, error: json.JSONDecodeError) -> None:
        """Raise, unless the error may only mean that the buffer ends here."""
        near_end = error.pos >= len(self._buffer) - len("-Infinity")
        if not near_end and not error.msg.startswith("Unterminated string"):
            self._at = error.pos
            raise self._error("not valid JSON")

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
        self._lines_before += self._buffer.count("\n", self._counted, self._at)
        self._buffer = self._buffer[self._at :] + chunk
        self._at = self._counted = 0
        return bool(chunk)

    def _error(self, what: str) -> JsonStreamError:
        return JsonStreamError(what, self.line)
