"""A passphrase from the terminal or a file descriptor; never from the command line."""

from __future__ import annotations

import argparse
import getpass
import os
import warnings

from safelight.cli.options import UsageError
from safelight.evidence_lock import LEAST_CHARACTERS

#: More than anybody types, in bytes.
_MOST = 4_096


def add_passphrase_fd(parser: argparse.ArgumentParser) -> None:
    """Declare the option for scripts."""
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase from file descriptor N, up to the end of its first line",
    )


def read_passphrase(descriptor: int | None, *, new: bool) -> str:
    """Read a passphrase; a new one is asked for twice on a terminal. Raises `UsageError`."""
    phrase = _prompted(new) if descriptor is None else _from_descriptor(descriptor)
    if new and len(phrase) < LEAST_CHARACTERS:
        raise UsageError(f"a passphrase has at least {LEAST_CHARACTERS} characters")
    return phrase


def _prompted(new: bool) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            phrase = getpass.getpass("Passphrase: ")
            again = getpass.getpass("The same again: ") if new else phrase
        except (getpass.GetPassWarning, EOFError, OSError):
            raise UsageError("no terminal to ask for the passphrase; use --passphrase-fd") from None
    if phrase != again:
        raise UsageError("the two passphrases differ")
    return phrase


def _from_descriptor(descriptor: int) -> str:
    """Byte by byte, so that nothing after the line is taken from whoever reads on."""
    line = b""
    try:
        while len(line) < _MOST and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
        return line.removesuffix(b"\r").decode("utf-8")
    except OSError as error:
        raise UsageError(f"--passphrase-fd {descriptor}: {error.strerror}") from None
    except OverflowError:
        raise UsageError(f"--passphrase-fd {descriptor}: no such descriptor") from None
    except UnicodeDecodeError:
        raise UsageError(f"--passphrase-fd {descriptor}: not UTF-8") from None
