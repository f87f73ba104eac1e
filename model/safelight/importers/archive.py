"""A zip archive that holds one chat, as an iPhone gives WhatsApp's export: read as it lies."""

from __future__ import annotations

import lzma
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import PurePath, PurePosixPath
from typing import BinaryIO, cast

from safelight.importers.unread import WEB_PAGE

#: What a text export is called; all else in an archive is a picture, a sound, a document.
_TEXTS = (".txt", ".json", ".jsonl", ".xml")
_PAGES = (".html", ".htm")
#: What an iPhone (WhatsApp), Telegram and Signal call the chat, beside files that may be texts too.
_CHATS = ("_chat.txt", "result.json", "main.jsonl")
#: What a system puts behind the name of a second copy.
_COPY = re.compile(r" ?\([0-9]{1,3}\)\Z")
_UNPACK = "unpack it and scan the text file inside"
_LOCKED = 0x1  # of a member's flags
#: What reading a member raises where it is not what the archive says, or is packed in another way.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


class ArchiveError(ValueError):
    """One phrase that says why no chat can be read out of an archive."""


def chat_in(path: str) -> BinaryIO:
    """The one chat in an archive, to be read from its start as often as one likes.

    Raises ArchiveError.
    """
    try:
        with zipfile.ZipFile(path) as archive:  # the file stays open as long as its member
            member = _only(archive.infolist(), PurePath(path).stem)
            if member.flag_bits & _LOCKED:
                raise ArchiveError(f"a locked zip archive; {_UNPACK}")
            found = cast(BinaryIO, archive.open(member))
        while found.read(1 << 20):  # to the end, where its checksum is compared
            pass
        found.seek(0)
        return found
    except _DAMAGE:
        raise ArchiveError(f"a damaged zip archive; {_UNPACK}") from None


def _only(members: list[zipfile.ZipInfo], stem: str) -> zipfile.ZipInfo:
    names = {each.filename: each for each in members if not _of_a_mac(each.filename)}
    texts = {name: each for name, each in names.items() if name.lower().endswith(_TEXTS)}
    # The archive's own name first, which nobody who sends a file into the chat can choose.
    called = list(dict.fromkeys((f"{stem}.txt", f"{_COPY.sub('', stem)}.txt", *_CHATS)))
    places: dict[tuple[int, int], list[zipfile.ZipInfo]] = {}
    other = _depth_of_texts(texts, called)
    for name, each in texts.items():
        # Files that were sent lie beside the chat (WhatsApp) or deeper, never above it.
        file, depth = PurePosixPath(name).name, name.count("/")
        if file in called and (file.endswith(".txt") or depth < other):
            places.setdefault((depth, called.index(file)), []).append(each)
    first = places[min(places)] if places else []
    for found in (first, list(texts.values())):
        if len(found) == 1:
            return found[0]
    if not texts and any(name.lower().endswith(_PAGES) for name in names):
        raise ArchiveError(f"a zip archive with {WEB_PAGE}")
    what = "several texts" if texts else "no text"
    raise ArchiveError(f"a zip archive with {what} in it; {_UNPACK}")


def _depth_of_texts(texts: Iterable[str], called: Sequence[str]) -> float:
    """How deep the first other .txt lies: one that lies above is WhatsApp's chat, renamed."""
    paths = [PurePosixPath(name) for name in texts]
    others = [path for path in paths if path.suffix.lower() == ".txt" and path.name not in called]
    return min((str(path).count("/") for path in others), default=math.inf)


def _of_a_mac(name: str) -> bool:
    """Whether a Mac put that file beside the one that is meant."""
    return "__MACOSX" in name or PurePosixPath(name).name.startswith("._")
