"""`safelight watch`: one message JSON a line in, one assessment JSON a line out, at once."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Any, TextIO

from safelight.cli.json_report import rounded
from safelight.cli.options import (
    OK,
    REFUSED,
    add_bundle_options,
    add_language_options,
    add_sensitivity_option,
    load_guard,
)
from safelight.conversation import Conversation
from safelight.guard import Guard
from safelight.importers.jsonl import Refused, parse_message, parse_object
from safelight.importers.source import STDIN_NAME, capped_lines
from safelight.types import Assessment

#: The longest line read, in characters.
MAX_LINE = 1024 * 1024

#: So many conversations are kept; the one unheard of for longest is then forgotten.
MAX_CHATS = 50_000

Answer = Callable[[Assessment], dict[str, Any]]


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("watch", help="assess a stream of messages, line by line")
    add_sensitivity_option(parser)
    add_language_options(parser)
    add_bundle_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer every line of standard input; 3 at the end if a line could not be read."""
    guard = load_guard(args)
    guard.sensitivity = args.sensitivity
    stream = io.TextIOWrapper(
        sys.stdin.buffer, encoding="utf-8-sig", errors="replace", newline="\n"
    )

    def answer(seen: Assessment) -> dict[str, Any]:
        return _fields(seen, args.language, args.country)

    return watch(guard, answer, stream, sys.stdout, sys.stderr)


def watch(guard: Guard, answer: Answer, lines: TextIO, out: TextIO, err: TextIO) -> int:
    """The loop, on any streams: a bad line costs one line on `err` and nothing else."""
    chats: OrderedDict[str, Conversation] = OrderedDict()
    status = OK
    for number, line, cut in capped_lines(lines, MAX_LINE):
        if not line.strip():
            continue
        try:
            if cut:
                raise Refused(f"the line is longer than {MAX_LINE:,} characters")
            row = parse_object(line)
            name = row.get("conversation")
            if not isinstance(name, str) or not name:
                raise Refused("no conversation")
            message, sent_at = parse_message(row), _moment(row.get("sent_at"))
        except Refused as error:
            print(f"safelight: {STDIN_NAME}: line {number}: {error}", file=err, flush=True)
            status = REFUSED
            continue
        seen = _chat(chats, guard, name).observe(
            sender=message.sender,
            text=message.text,
            media=message.media,
            sent_at=sent_at,
            id=message.id,
        )
        head = {"conversation": name, "line": number}
        if message.id is not None:
            head["id"] = message.id
        print(json.dumps(head | answer(seen)), file=out, flush=True)
    return status


def _chat(chats: OrderedDict[str, Conversation], guard: Guard, name: str) -> Conversation:
    chat = chats.pop(name, None) or guard.conversation(name)
    chats[name] = chat
    if len(chats) > MAX_CHATS:
        chats.popitem(last=False)
    return chat


def _moment(value: Any) -> datetime | None:
    """An ISO 8601 time with its zone, or None. Raises `Refused`."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused("sent_at is not an ISO 8601 time")
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise Refused("sent_at is not an ISO 8601 time") from None
    if moment.utcoffset() is None:
        raise Refused("sent_at has no time zone")
    return moment


def _fields(seen: Assessment, language: str, country: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "level": seen.level.label,
        "changed": seen.changed,
        "raised": seen.raised,
        "stage": seen.stage.value,
        "risks": rounded(seen.risks),
        "indicators": rounded(seen.indicators),
        "reasons": [
            {"message": reason.message_id, "indicator": reason.indicator} for reason in seen.reasons
        ],
        "supported_language": seen.supported_language,
    }
    if seen.raised:
        advice = seen.advice(language, country)
        fields["advice"] = {
            "title": advice.title,
            "action": advice.action,
            "cards": [card.id for card in advice.cards],
        }
    return fields
