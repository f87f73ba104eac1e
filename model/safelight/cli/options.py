"""Options that several commands share, and the errors that they end with."""

from __future__ import annotations

import argparse
from pathlib import Path

from safelight.guard import Guard
from safelight.policy_config import SENSITIVITIES
from safelight.reading import BundleError

#: Exit statuses; 128 + n stands for a signal, as shells have it.
OK, FAILED, USAGE, REFUSED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 3, 130, 141

_COUNTRY_LETTERS = 2


class UsageError(Exception):
    """The command cannot run as asked: one clear line, exit status 2."""


def add_bundle_options(parser: argparse.ArgumentParser) -> None:
    """Which model to run: without these, the one that the package carries."""
    group = parser.add_argument_group("bundle")
    group.add_argument("--bundle", metavar="DIR", help="run another bundle than the shipped one")
    group.add_argument(
        "--key", metavar="FILE", help="its Ed25519 public key (32 bytes, or 64 hexadecimal digits)"
    )
    group.add_argument(
        "--allow-unsigned", action="store_true", help="run it without a signature, for research"
    )


def add_language_options(parser: argparse.ArgumentParser) -> None:
    """In which words to answer, and whose help lines to show."""
    parser.add_argument(
        "--language", default="en", metavar="CODE", help="language of the advice (default: en)"
    )
    parser.add_argument(
        "--country", type=country, metavar="CODE", help="country of the help cards, such as GB"
    )


def add_owner_options(parser: argparse.ArgumentParser) -> None:
    """Who the person using the phone is, where a file does not say it."""
    parser.add_argument(
        "--self",
        dest="owner",
        metavar="NAME",
        help="the person using the phone: the name or the id that they have in the file",
    )
    parser.add_argument(
        "--wrote-nothing",
        action="store_true",
        help="the person using the phone has written nothing here: every message is another "
        "person's, whatever they are called",
    )


def add_sensitivity_option(parser: argparse.ArgumentParser) -> None:
    """By which of the bundle's three policies to judge."""
    parser.add_argument(
        "--sensitivity",
        choices=SENSITIVITIES,
        default="standard",
        help="how readily to show a level (default: standard)",
    )


def country(value: str) -> str:
    """Two letters, in capitals."""
    if len(value) != _COUNTRY_LETTERS or not value.isascii() or not value.isalpha():
        raise argparse.ArgumentTypeError("a country has two letters, such as GB")
    return value.upper()


def load_guard(args: argparse.Namespace) -> Guard:
    """Load the bundle that the options name. Raises `UsageError`."""
    if args.bundle is None and (args.key or args.allow_unsigned):
        raise UsageError("--key and --allow-unsigned belong to --bundle")
    if args.bundle is not None and not (args.key or args.allow_unsigned):
        raise UsageError("--bundle needs --key FILE or --allow-unsigned")
    try:
        if args.bundle is None:
            return Guard.load()
        key = None if args.key is None else _read_key(Path(args.key))
        return Guard.load(args.bundle, key=key, allow_unsigned=args.allow_unsigned)
    except BundleError as error:
        raise UsageError(f"the bundle was refused: {error}") from None


def _read_key(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"the key cannot be read: {error.strerror}") from None
    if len(content) == 32:
        return content
    try:
        key = bytes.fromhex(content.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise UsageError("the key file holds neither 32 bytes nor 64 hexadecimal digits")
    return key
