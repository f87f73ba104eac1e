"""Files with chats that a command is given, and whose chats they are."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from safelight.cli import ask_self
from safelight.cli.ask_self import Owner
from safelight.cli.options import UsageError
from safelight.cli.terminal import safe
from safelight.importers import found
from safelight.importers.source import (
    STDIN_NAME,
    Opened,
    groups,
    joined,
    open_binary,
    open_path,
)

STDIN = "-"


def open_source(path: str) -> Opened:
    """Open a file, or standard input for "-". Raises `UsageError`."""
    if path == STDIN:
        return open_binary(sys.stdin.buffer, STDIN_NAME)
    try:
        return open_path(path)
    except OSError as error:
        raise UsageError(f"{safe(path)}: {error.strerror}") from None


def open_sources(paths: Sequence[str]) -> list[Opened]:
    """Open files, the parts of one chat (`message_1.json` …) as one. Raises `UsageError`."""
    return [source for some in groups(paths) for source in _together(some)]


def _together(paths: Sequence[str]) -> list[Opened]:
    parts = [open_source(path) for path in paths]
    return [joined(parts)] if all(part.stream.seekable() for part in parts) else parts


def announce(sources: Sequence[Opened]) -> None:
    """Say on standard error as what each source was recognised, and by which marks."""
    for opened in sources:
        what = None if opened.refusal is not None else found(opened)
        if what is not None:
            print(f"safelight: {safe(opened.name)}: found: {what}", file=sys.stderr)


def find_owner(opened: Opened, format_name: str, wanted: Owner | None) -> Owner | None:
    """The owner in one source. See `find_owners`."""
    return find_owners([opened], format_name, wanted)[0]


def find_owners(
    sources: Sequence[Opened], format_name: str, wanted: Owner | None
) -> list[Owner | None]:
    """The owner in each source; what was `wanted` where it cannot be read twice.

    A name need be found in one of them only: who has it may not have written in the others.
    Asks on a terminal. Raises `UsageError` in a pipe, or if `wanted` is nobody or several people.
    """
    people = [_people(opened, format_name, wanted) for opened in sources]
    name = wanted.name if wanted is not None else None
    if wanted is not None and name is not None:
        wanted = replace(wanted, elsewhere=any(names and names.alike(name) for names in people))
    return [
        wanted if names is None else ask_self.answered(opened.name, names, wanted)
        for opened, names in zip(sources, people, strict=True)
    ]


def _people(opened: Opened, format_name: str, wanted: Owner | None) -> ask_self.Names | None:
    """The people in a source; None if it cannot be read twice."""
    if opened.refusal is not None or not opened.stream.seekable():
        return None
    names = ask_self.collect(opened, format_name, wanted)
    opened.rewind()
    return names
