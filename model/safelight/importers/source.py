"""The edge of the importers: opens a file or a pipe as text, in bounded memory."""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, TextIO, cast

#: How much of a file is looked at to recognise its format, in bytes.
HEAD_BYTES = 65_536

STDIN_NAME = "standard input"

_PART = re.compile(r"message_[0-9]{1,6}\.json")
#: What signal-export calls every chat, which only its folder tells from others.
_SAME = ("data.json",)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZIP = b"PK\x03\x04"
_SIGNATURES = (
    (_ZIP, "a zip archive; unpack it and scan the text file inside"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"%PDF", "a PDF, not a chat export"),
)


@dataclass
class Opened:
    """A text stream with its name, its first bytes as UTF-8, and where reading has got to.

    `size` is in bytes, None for a pipe; `position()` counts bytes read so far.
    `refusal` says in one phrase why the content cannot be a chat, or is None. `parts`:
    the files, this one among them, over which one chat is spread; else empty.
    """

    name: str
    stream: TextIO = field(repr=False)
    head: bytes = field(repr=False)
    size: int | None
    position: Callable[[], int] = field(repr=False)
    refusal: str | None = None
    parts: tuple[Opened, ...] = field(default=(), repr=False)

    def close(self) -> None:
        for part in self.parts or (self,):
            part.stream.close()

    def rewind(self) -> None:
        """Back to the start; not for a pipe."""
        for part in self.parts or (self,):
            part.stream.seek(0)


class _Pushback(io.RawIOBase):
    """Bytes that were looked at already, then the rest of a pipe."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = memoryview(head)
        self._rest = rest
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._head:
            size = min(len(buffer), len(self._head))
            buffer[:size] = self._head[:size]
            self._head = self._head[size:]
        else:
            chunk = self._rest.read(len(buffer))
            size = len(chunk)
            buffer[:size] = chunk
        self.count += size
        return size


def open_path(path: str) -> Opened:
    """Open a file, or the one chat in a zip archive. Raises OSError as `open` does."""
    file = open(path, "rb")  # noqa: SIM115 - closed by Opened.close
    name = _name(path)
    # A path may lead to a pipe, of which nothing can be read twice.
    if not file.seekable() or not file.peek(len(_ZIP)).startswith(_ZIP):
        return open_binary(file, name)
    from safelight.importers import archive  # what reads zip files is loaded for them alone

    try:
        chat = archive.chat_in(path)
    except archive.ArchiveError as error:
        return replace(open_binary(file, name), refusal=str(error))
    file.close()
    return open_binary(chat, name)


def _name(path: str) -> str:
    """What a file is called, behind its folder where all files have the same name."""
    folder, name = os.path.split(os.path.abspath(path))
    chat = os.path.basename(folder)
    return f"{chat}/{name}" if name in _SAME and chat else name


def chat_name(name: str) -> str:
    """What a text file, or the archive around it, is called without its ending."""
    return name.removesuffix(".zip").removesuffix(".txt")


def open_binary(file: BinaryIO, name: str) -> Opened:
    """Look at the head of a binary stream, then give the whole of it as text.

    Invalid UTF-8 becomes U+FFFD; UTF-8 and UTF-16 byte order marks are understood.
    """
    head = _read_head(file)
    encoding = next((codec for bom, codec in _BOMS if head.startswith(bom)), "utf-8")
    refusal = _refusal(head, encoding)
    if file.seekable():
        file.seek(0, os.SEEK_END)
        size: int | None = file.tell()
        file.seek(0)
        binary, position = file, file.tell
    else:
        size, pushback = None, _Pushback(head, file)
        binary = cast(BinaryIO, io.BufferedReader(pushback))
        position = lambda: pushback.count  # noqa: E731
    # newline="\n": only \n ends a line; a chat may hold U+2028 or a lone \r.
    stream = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="\n")
    text = head.decode(encoding, errors="replace")
    return Opened(name, stream, text.encode("utf-8"), size, position, refusal)


def joined(parts: list[Opened]) -> Opened:
    """Several files as one source; a single one stays as it is."""
    first, *more = parts
    if not more:
        return first
    name = f"{first.name} and {len(more)} more"
    size = sum(part.size or 0 for part in parts)
    refusal = first.refusal if all(part.refusal for part in parts) else None

    def position() -> int:
        return sum(part.position() for part in parts)

    return Opened(name, first.stream, first.head, size, position, refusal, tuple(parts))


def groups(paths: Sequence[str]) -> list[list[str]]:
    """Paths that are parts of one chat together: `message_1.json`, `message_2.json` of a folder."""
    found: dict[str, list[str]] = {}
    for number, path in enumerate(paths):
        folder, file = os.path.split(path)
        whole = _PART.fullmatch(file) is None
        # A file that is named twice is scanned twice, as it would be without this.
        key = f"{number}" if whole or path in found.get(f"/{folder}", ()) else f"/{folder}"
        found.setdefault(key, []).append(path)
    return list(found.values())


def _read_head(file: BinaryIO) -> bytes:
    parts, missing = [], HEAD_BYTES
    while missing and (chunk := file.read(missing)):
        parts.append(chunk)
        missing -= len(chunk)
    return b"".join(parts)


def _refusal(head: bytes, encoding: str) -> str | None:
    if not head.strip():
        return "the file is empty"
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            return what
    if b"\0" in head and encoding != "utf-16":
        return "a binary file, not a text export"
    return None


def capped_lines(stream: TextIO, limit: int) -> Iterator[tuple[int, str, bool]]:
    """Lines with their numbers from 1, without their ends; True where more than `limit` was cut.

    However long a line is, no more than `limit` characters of it are held.
    """
    number = 0
    while chunk := stream.readline(limit + 1):
        number += 1
        whole = chunk.endswith("\n") or len(chunk) <= limit
        piece = chunk
        while not whole and (piece := stream.readline(limit + 1)):
            whole = piece.endswith("\n")
        cut = len(chunk.rstrip("\r\n")) > limit or piece is not chunk
        yield number, chunk.rstrip("\r\n")[:limit], cut
