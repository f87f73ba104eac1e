"""Writes one file that the person asked for, at the place that they chose."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from safelight.cli.options import UsageError
from safelight.cli.terminal import safe
from safelight.snapshot_file import sync_folder


def check_place(path: Path, force: bool, *inputs: Path) -> None:
    """Refuse early, before any work, a place that `save` would refuse. Raises `UsageError`.

    inputs: files that are never overwritten, even with force.
    """
    shown = safe(str(path))
    try:  # also of a device, which a file in its place would take away
        place = path.parent.is_dir() and (path.is_file() or not path.exists())
    except OSError as error:
        raise UsageError(f"{shown}: {error.strerror}") from None
    if not place:
        raise UsageError(f"{shown}: not a place for a file")
    if any(path.exists() and path.samefile(each) for each in inputs if each.exists()):
        raise UsageError(f"{shown}: the file that is read stays as it is; choose another name")
    if not force and os.path.lexists(path):
        raise _exists(path)


def save(path: Path, data: bytes, force: bool) -> None:
    """Write a whole file or none, readable by its owner alone, on the disk when this returns.

    An existing file is replaced only with force. Raises `UsageError`.
    """
    try:
        number, name = tempfile.mkstemp(prefix=".safelight-", dir=path.parent)  # mode 0600
        try:
            with open(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if not force:  # claims the name, so that nobody's file can be in its place
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
        sync_folder(str(path))
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise UsageError(f"{safe(str(path))}: {error.strerror}") from None


def _exists(path: Path) -> UsageError:
    return UsageError(f"{safe(str(path))} is there already; choose another name, or add --force")
