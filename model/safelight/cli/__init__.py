"""The command line: `safelight scan`, `watch`, `evidence`, `indicators`, `help-cards`, `guide`,
`demo`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from safelight._version import __version__
from safelight.cli import demo, evidence, guide, help_cards, indicators, scan, watch
from safelight.cli.options import BROKEN_PIPE, INTERRUPTED, USAGE, UsageError

_COMMANDS = (scan, watch, evidence, indicators, help_cards, guide, demo)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status (argparse itself exits 2 on bad usage)."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without the symbols shows their code instead of failing.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except UsageError as error:
        print(f"safelight: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`): nothing more can be said on this stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="safelight",
        description="Look for warning signs in a chat, on this machine alone.",
        epilog="Exit status: 0 ran, 2 bad usage, 3 some input could not be read.",
    )
    parser.add_argument("--version", action="version", version=f"safelight {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser
