"""Keeps a snapshot in a file that is always whole: the one before or the new one.

One writer a file at a time. The app chooses the file's name; it should not tell who is in the
chat. No error holds it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from os import PathLike
from typing import TypeVar

from safelight.snapshot import MAX_BYTES, SnapshotError

#: The new file's name while it is written. One name a file, so that a writer that is killed time
#: and again leaves one such file at most.
_DRAFT = ".new"
_T = TypeVar("_T")


def write(path: str | PathLike[str], blob: bytes) -> None:
    """Replace the file by `blob`, atomically; it is on the disk when this returns. Mode 0600.

    SnapshotError if that fails; the file is then the one before, but for a failure at the very
    last step, after which it may be either.
    """
    place = os.fspath(path)
    _quietly("written", lambda: _write(place, blob))


def read(path: str | PathLike[str]) -> bytes | None:
    """Return the bytes of the file, None where there is none; SnapshotError if it is not one."""
    found = _quietly("read", lambda: _read(path))
    if found is not None and len(found) > MAX_BYTES:
        raise SnapshotError("not a snapshot")
    return found


def remove(path: str | PathLike[str]) -> None:
    """Remove the file and what a killed writer may have left; no fault where there is none."""
    place = os.fspath(path)
    _quietly("removed", lambda: _remove_all(place))


def _quietly(verb: str, act: Callable[[], _T]) -> _T:
    """Do it; turn an OSError, which names the file, into a SnapshotError that does not."""
    try:
        return act()
    except OSError as error:
        problem = error.strerror or "input/output error"
    raise SnapshotError(f"the snapshot cannot be {verb}: {problem}")  # nothing hangs from it


def _write(place: str, blob: bytes) -> None:
    draft = place + _DRAFT
    try:
        _remove(draft)
        _create(draft, blob)
        os.replace(draft, place)
    except OSError:
        with suppress(OSError):
            _remove(draft)
        raise
    sync_folder(place)


def _read(path: str | PathLike[str]) -> bytes | None:
    with suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)
    return None


def _remove_all(place: str) -> None:
    _remove(place + _DRAFT)
    _remove(place)
    sync_folder(place)


def _remove(place: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(place)


def _create(place: str, blob: bytes) -> None:
    # O_EXCL: a new file of this mode, never one that somebody else put there.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
        file.write(blob)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(place: str) -> None:
    """Make the new name last; systems that cannot open a folder (Windows) do it themselves."""
    if os.name != "posix":
        return
    folder = os.open(os.path.dirname(place) or ".", os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
