"""Help cards on a terminal."""

from __future__ import annotations

from rich.panel import Panel
from rich.text import Text

from safelight.advice import Words
from safelight.resources import HelpCard


def card_panel(card: HelpCard, words: Words) -> Panel:
    """One help card: what for, how to reach it, for whom, when, and what to know before the tap."""
    body = Text(f"{' · '.join(card.use)}\n", style="dim")
    for channel in card.channels:
        body.append(f"{words.ui[channel.kind]}: ").append(f"{channel.value}\n", style="bold")
    for line in (card.serves, card.hours, card.note):
        if line:
            body.append(f"{line}\n")
    if card.freshness:
        body.append(f"{card.freshness}\n", style="italic")
    body.append(f"{card.before_title}\n", style="dim")
    body.append("\n".join(f"- {line}" for line in card.before), style="dim")
    return Panel(body, title=Text(card.name), title_align="left", expand=False)
