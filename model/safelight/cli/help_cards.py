"""`safelight help-cards`: whom to turn to in a country, with what was checked and when."""

from __future__ import annotations

import argparse
from datetime import date

from rich.text import Text

from safelight.cli import terminal
from safelight.cli.cards import card_panel
from safelight.cli.options import OK, add_bundle_options, add_language_options, load_guard
from safelight.resources import STAGE_KEYS, Resources, Service


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("help-cards", help="show where to get help")
    add_language_options(parser)
    parser.add_argument(
        "--not-recently-checked",
        action="store_true",
        help="list the cards whose page has no date, or one more than 180 days ago",
    )
    add_bundle_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every card that some stage of advice would show in this country."""
    guard, console = load_guard(args), terminal.output()
    if args.not_recently_checked:
        return _list_stale(guard.book.resources, args.country)
    words = guard.book.words(args.language)
    services = services_for(guard.book.resources, args.country)
    if args.country and not any(args.country in service.countries for service in services):
        console.print(f"No checked services on file for {args.country}; these are international.")
    not_recent = words.ui["not_recently_checked"]
    for service in services:
        card = service.card(words.language, date.today(), not_recent)
        console.print(card_panel(card, words))
        source = f"{card.source} ({_dated(card.page_date)}, {card.verification} source)"
        console.print(Text(source, style="dim"), soft_wrap=True)
        if card.anonymous_source not in (None, card.source):
            console.print(Text(f"{card.anonymous_source}", style="dim"), soft_wrap=True)
    return OK


def _list_stale(resources: Resources, country: str | None) -> int:
    """One line a card: its id, the date of its page, the page to look at again."""
    for service in resources.stale(date.today()):
        if country is None or country in service.countries:
            line = f"{service.id}  {_dated(service.page_date)}  {service.source}"
            terminal.output().print(line, soft_wrap=True)
    return OK


def _dated(day: date | None) -> str:
    return "no date" if day is None else day.isoformat()


def services_for(resources: Resources, country: str | None) -> list[Service]:
    """Services of a country and international ones, each once, those to talk to first."""
    chosen = {
        service.id: service for key in STAGE_KEYS for service in resources.choose(key, country)
    }
    return sorted(chosen.values(), key=lambda service: "talk" not in service.purposes)
