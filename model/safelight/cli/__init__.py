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
from safelight.cli.options import BROKEN_PIPE, FAILED, INTERRUPTED, USAGE, UsageError

_COMMANDS = (scan, watch, evidence, indicators, help_cards, guide, demo)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status (argparse itself exits 2 on bad usage)."""
    _open_closed_streams()
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
        _say_no_more()
        return BROKEN_PIPE
    except OSError as error:
        _say_no_more()
        print(f"safelight: {error.strerror or 'input or output failed'}", file=sys.stderr)
        return FAILED


def _open_closed_streams() -> None:
    """What was closed before the start (`>&-`) gives nothing and takes everything."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _say_no_more() -> None:
    """What is still held for standard output cannot be written, and is not tried again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="safelight",
        description="Look for warning signs in a chat, on this machine alone.",
        epilog="Exit status: 0 ran, 1 the answer could not be written, 2 bad usage, "
        "3 some input could not be read.",
    )
    parser.add_argument("--version", action="version", version=f"safelight {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser
