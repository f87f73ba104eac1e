"""`safelight indicators`: everything that is looked for, and the public page that says so."""

from __future__ import annotations

import argparse

from rich.padding import Padding
from rich.text import Text

from safelight.cli import terminal
from safelight.cli.options import OK, add_bundle_options, load_guard


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("indicators", help="list what is looked for, with sources")
    parser.add_argument("--language", default="en", metavar="CODE")
    add_bundle_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the indicators in the order of the model."""
    guard, console = load_guard(args), terminal.output()
    for indicator in guard.indicators.values():
        title = Text(indicator.name(args.language), style="bold")
        console.print(title.append(f"  {indicator.id}", style="dim"))
        console.print(Padding(Text(indicator.description(args.language)), (0, 0, 0, 2)))
        for source in indicator.sources:
            # One unbroken line: an address that is wrapped cannot be followed.
            where = f", {source.url}" if source.url else ""
            line = f"  {source.publisher}: {source.title}{where}"
            console.print(Text(line, style="dim"), soft_wrap=True)
    return OK
