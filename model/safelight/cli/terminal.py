"""What commands print with: text made harmless for a terminal, levels as symbol and word."""

from __future__ import annotations

import re
import sys
import unicodedata

from rich.console import Console

from safelight.types import Level

#: Shape and word carry the level; colour only repeats it.
SYMBOLS = {Level.NONE: "·", Level.NOTICE: "○", Level.WARNING: "▲", Level.URGENT: "■"}
STYLES = {
    Level.NONE: "dim",
    Level.NOTICE: "cyan",
    Level.WARNING: "yellow",
    Level.URGENT: "bold red",
}


#: Control characters, invisible ones, half surrogates, and the two other ends of a line.
_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")
#: Flags such as Scotland's: a black flag, a few invisible letters and digits, an invisible end.
_FLAG = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)")


def safe(text: str, *, lines: bool = False) -> str:
    """Without control characters: a name in a chat must not steer the terminal.

    lines: keep line breaks, which a message may have and a name may not.
    """
    kept = "\n\u200d" if lines else "\u200d"
    parts = _FLAG.split(text)  # every other part is a flag
    parts[::2] = [_plain(part, kept) for part in parts[::2]]
    return "".join(parts)


def _plain(text: str, kept: str) -> str:
    return "".join(
        "\ufffd" if unicodedata.category(c) in _STEERING and c not in kept else c for c in text
    )


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to `main`, which knows the exit status; rich would exit 1."""
        raise BrokenPipeError


def output() -> Console:
    """A console on standard output, looked up anew so that redirections hold."""
    return _Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def errors() -> Console:
    """A console on standard error."""
    return _Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
