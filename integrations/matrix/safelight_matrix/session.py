"""Who is signed in, and where its keys lie: one folder that the person names."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_FILE = "session.json"


class SessionError(Exception):
    """The folder cannot be used as asked; says what is wrong, never a token."""


@dataclass(frozen=True)
class Session:
    """A signed-in device. token opens the account and is kept out of every repr."""

    homeserver: str
    user: str
    device: str
    token: str = field(repr=False)

    def save(self, folder: Path) -> None:
        """Write into the folder, readable for its owner alone."""
        write_own(folder / _FILE, asdict(self))


def write_own(path: Path, value: Mapping[str, Any]) -> None:
    """Replace a file by `value` as JSON, as a whole, readable for its owner alone."""
    part = path.with_name(f"{path.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file, indent=1)
    part.replace(path)


def open_folder(folder: Path) -> None:
    """Make the folder if it is not there; SessionError if others could read what lies in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shared = folder.stat().st_mode & 0o077
    except OSError as error:
        raise SessionError(f"the store cannot be used: {error.strerror}") from None
    if shared and os.name == "posix":
        raise SessionError("the store can be read by other users of this machine: chmod 700 it")


def load(folder: Path, homeserver: str, user: str) -> Session | None:
    """Return the session in the folder, or None if there is none.

    SessionError if it is of another user or server, or damaged.
    """
    try:
        raw = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        session = Session(**raw)
        whole = all(isinstance(value, str) and value for value in asdict(session).values())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        whole = False
    if not whole:
        raise SessionError(f"{_FILE} in the store is damaged: name another folder")
    if (session.homeserver, session.user) != (homeserver, user):
        raise SessionError("the store belongs to another user or server: name another folder")
    return session
