"""Files with chats that a command is given, and whose chats they are."""

from __future__ import annotations

import sys

from safelight.cli import ask_self
from safelight.cli.options import UsageError
from safelight.cli.terminal import safe
from safelight.importers.source import STDIN_NAME, Opened, open_binary, open_path

STDIN = "-"


def open_source(path: str) -> Opened:
    """Open a file, or standard input for "-". Raises `UsageError`."""
    if path == STDIN:
        return open_binary(sys.stdin.buffer, STDIN_NAME)
    try:
        return open_path(path)
    except OSError as error:
        raise UsageError(f"{safe(path)}: {error.strerror}") from None


def find_owner(opened: Opened, format_name: str, wanted: str | None) -> str | None:
    """The owner's name in a source; what was `wanted` where it cannot be read twice.

    See `ask_self.find_owner`.
    """
    if opened.refusal is None and opened.stream.seekable():
        return ask_self.find_owner(opened, format_name, wanted)
    return wanted
