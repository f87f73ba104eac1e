"""Help cards on a terminal."""

from __future__ import annotations

from rich.panel import Panel
from rich.text import Text

from safelight.advice import Words
from safelight.resources import HelpCard


def card_panel(card: HelpCard, words: Words) -> Panel:
    """One help card: how to reach it first, then for whom, when, and how surely that is known."""
    body = Text()
    for channel in card.channels:
        body.append(f"{words.ui[channel.kind]}: ").append(f"{channel.value}\n", style="bold")
    for line in (card.serves, card.hours, card.note):
        if line:
            body.append(f"{line}\n")
    if card.freshness:
        body.append(f"{card.freshness}\n", style="italic")
    body.rstrip()
    return Panel(body, title=Text(card.name), title_align="left", expand=False)
