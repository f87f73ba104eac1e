"""`safelight guide`: the fixed pages, for after it happened and for parents and carers."""

from __future__ import annotations

import argparse
from datetime import date

from rich.padding import Padding
from rich.text import Text

from safelight.cli import terminal
from safelight.cli.cards import card_panel
from safelight.cli.options import OK, add_bundle_options, add_language_options, load_guard
from safelight.guides import GUIDES

#: The stage of advice whose help cards follow a guide: talk, emergency, take down, report.
_STAGE = "crisis_distress"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("guide", help="what helps afterwards; a page for parents")
    parser.add_argument("id", choices=GUIDES, help="after: for you; caregiver: for parents, carers")
    add_language_options(parser)
    add_bundle_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one guide with its sources; with --country, the help cards after it."""
    guard, console = load_guard(args), terminal.output()
    guide = guard.guide(args.id, args.language)
    console.print(Text(guide.title, style="bold"))
    for section in guide.sections:
        console.print()
        console.print(Text(section.heading, style="bold"))
        for line in section.lines:
            console.print(Padding(Text(f"- {line}"), (0, 0, 0, 2)))
    console.print()
    for source in guide.sources:
        # One unbroken line: an address that is wrapped cannot be followed.
        console.print(Text(source, style="dim"), soft_wrap=True)
    if args.country:
        words = guard.book.words(guide.language)
        console.print(Text(f"\n{words.ui['get_help']}", style="bold"))
        not_recent = words.ui["not_recently_checked"]
        for service in guard.book.resources.choose(_STAGE, args.country):
            card = service.card(guide.language, date.today(), not_recent)
            console.print(card_panel(card, words))
    return OK
