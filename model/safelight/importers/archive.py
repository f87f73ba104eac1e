"""A zip archive that holds one chat, as an iPhone gives WhatsApp's export: read as it lies."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import PurePath, PurePosixPath
from typing import BinaryIO, cast

#: What a text export is called; all else in an archive is a picture, a sound, a document.
_TEXTS = (".txt", ".json", ".jsonl", ".xml")
#: The name that an iPhone gives the chat beside its media, which may be texts themselves.
_CHAT = "_chat.txt"
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
    texts = {
        each.filename: each for each in members
        if each.filename.lower().endswith(_TEXTS) and "__MACOSX" not in each.filename
    }  # fmt: skip
    called = [
        each for name, each in texts.items() if PurePosixPath(name).name in (_CHAT, f"{stem}.txt")
    ]
    for found in (called, list(texts.values())):
        if len(found) == 1:
            return found[0]
    what = "several texts" if texts else "no text"
    raise ArchiveError(f"a zip archive with {what} in it; {_UNPACK}")
