"""`safelight demo`: replays two invented chats, message by message."""

from __future__ import annotations

import argparse
import io
import time
from importlib.resources import files

from safelight.cli import terminal
from safelight.cli.options import OK, add_bundle_options, add_language_options, load_guard
from safelight.cli.timeline import Timeline
from safelight.guard import Guard
from safelight.importers import ImportedChat, ImportedMessage, jsonl
from safelight.types import SELF

#: The shipped chats: an everyday one, then one that goes wrong.
SAMPLES = ("ordinary.jsonl", "warning_signs.jsonl")
_PAUSE_S = 0.7


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="replay two invented chats")
    add_language_options(parser)
    add_bundle_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play the samples; with pauses on a terminal, without in a pipe."""
    guard, console = load_guard(args), terminal.output()
    timeline = Timeline(
        console, guard.book, args.language, args.country, show_text=True, every=True
    )
    console.print("Two invented chats. Everything runs on this machine.\n")
    for sample in SAMPLES:
        _play(guard, timeline, sample, _PAUSE_S if console.is_terminal else 0.0)
    return OK


def _play(guard: Guard, timeline: Timeline, sample: str, pause_s: float) -> None:
    text = (files("safelight") / "samples" / sample).read_text(encoding="utf-8")
    conversation = guard.conversation(sample)
    for record in jsonl.read(io.StringIO(text), sample):
        if isinstance(record, ImportedChat):
            timeline.start(record)
        elif isinstance(record, ImportedMessage):
            seen = conversation.observe(
                sender=record.sender, text=record.text, media=record.media, sent_at=record.sent_at
            )
            timeline.message(record, "you" if record.sender == SELF else record.sender, seen)
            time.sleep(pause_s)
    timeline.end()
