"""`safelight evidence make | redact | page | verify`: a file of chosen messages, for its owner."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from safelight import evidence_file, evidence_lock, evidence_page
from safelight.cli import ask_self, chosen
from safelight.cli.options import (
    OK,
    REFUSED,
    UsageError,
    add_bundle_options,
    add_owner_options,
    country,
    load_guard,
)
from safelight.cli.passphrase import add_passphrase_fd, read_passphrase
from safelight.cli.save import check_place, save
from safelight.cli.sources import find_owner, open_source
from safelight.cli.terminal import safe
from safelight.evidence import Evidence, make, redact, short_digest
from safelight.evidence_file import MAX_FILE, EvidenceError
from safelight.evidence_parts import CHOICES, REPEATED, Fact, fact_fault
from safelight.evidence_verify import verify
from safelight.evidence_words import words
from safelight.guard import SHIPPED
from safelight.importers import AUTO, FORMAT_NAMES, recognise
from safelight.indicators import parse_indicators

#: What the person may enter, with what the help says of it.
_ENTERED = {
    "platform": "the app or site",
    "profile": "link to the profile of the other side (may be repeated)",
    "money_demanded": "was money asked for",
    "amount": "how much",
    "payment_id": "account, wallet or card named for the money (may be repeated)",
    "pictures_demanded": "were pictures asked for",
    "country": "your country, such as GB",
    "age_band": "your age",
    "contact": "how to reach you",
    "note": "anything else, in your own words",
}
_SHOWN_FAULTS = 5

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_parser(commands: Actions) -> None:
    """Declare the command."""
    parser = commands.add_parser("evidence", help="save chosen messages so that a change shows")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_make(actions)
    what = "leave messages or facts out of a file made before"
    redacting = _action(actions, "redact", what, _redact)
    redacting.add_argument("--messages", type=chosen.numbers, default=frozenset(), metavar="3-9,12")
    redacting.add_argument("--facts", default="", metavar="NAMES", help="such as contact,amount")
    redacting.add_argument("--unlock", action="store_true", help="save without the passphrase")
    page = _action(actions, "page", "make a page to read and print", _page)
    page.add_argument("--language", default="en", metavar="CODE", help="of the page (default: en)")
    for each in (redacting, page):
        _add_output(each)
    check = _action(actions, "verify", "say whether a file is as it was made", _verify)
    check.add_argument("--code", metavar="DIGITS", help="the check code that was noted")


def _add_make(actions: Actions) -> None:
    parser = _action(actions, "make", "make a file from your own chat", _make, "the chat export")
    option = parser.add_argument
    which = "which messages, counted from 1 as scan counts them"
    option("--messages", type=chosen.numbers, required=True, metavar="3-9,12", help=which)
    option("--format", choices=(AUTO, *FORMAT_NAMES), default=AUTO)
    add_owner_options(parser)
    option("--chat", metavar="ID", help="which chat, where there are several")
    account = "the account of somebody whom the export calls NAME (may be repeated)"
    option("--handle", type=chosen.handle, action="append", default=[], metavar="NAME=HANDLE",
           help=account)  # fmt: skip
    option(
        "--zone", type=chosen.zone, metavar="ZONE", help="time zone of a WhatsApp or LINE export"
    )
    option("--with-noticed", action="store_true", help="add what Safelight noticed")
    option("--passphrase", action="store_true", help="lock the file by a passphrase")
    option("--language", default="en", metavar="CODE", help="of the questions (default: en)")
    _add_output(parser)
    group = parser.add_argument_group("facts", "all may be left out; helplines ask for some")
    for name, what in _ENTERED.items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            help=what,
            choices=CHOICES.get(name),
            action="append" if name in REPEATED else "store",
            type=country if name == "country" else str,
            metavar=None if name in CHOICES else "TEXT",
        )
    group.add_argument("--ask", action="store_true", help="ask for each of these; Enter skips")
    add_bundle_options(parser)


def _action(
    actions: Actions,
    name: str,
    what: str,
    act: Callable[[argparse.Namespace], int],
    file: str = "the evidence file",
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=what)
    parser.add_argument("file", metavar="FILE", help=file)
    add_passphrase_fd(parser)
    parser.set_defaults(run=run, act=act)
    return parser


def _add_output(parser: argparse.ArgumentParser) -> None:
    where = "where to save, chosen each time"
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="PATH", help=where)
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(args: argparse.Namespace) -> int:
    """Do one of the actions; 3 if something cannot be read or does not verify."""
    if "output" in args:
        check_place(args.output, args.force, Path(args.file))
    try:
        status: int = args.act(args)
    except EvidenceError as error:
        print(f"safelight: {safe(args.file)}: {error}", file=sys.stderr)
        return REFUSED
    return status


def _make(args: argparse.Namespace) -> int:
    opened = open_source(args.file)
    if not opened.stream.seekable():
        raise UsageError("evidence is made from a file, not from a pipe")
    owner = find_owner(opened, args.format, ask_self.given(args))
    guard = load_guard(args) if args.with_noticed else None
    choice = chosen.Choice(args.messages, owner, args.chat, guard)
    choice.read(opened, args.format)
    opened.close()
    if args.zone is not None and not choice.by_the_clock:
        raise UsageError("--zone: the messages chosen have no clock without a zone")
    found = recognise(opened.head)
    name = args.format if args.format != AUTO or found is None else found.NAME
    try:
        made = make(
            choice.said(dict(args.handle), args.zone),
            [*choice.accounts(dict(args.handle)), *_entered(args)],
            created=datetime.now().astimezone().replace(microsecond=0),
            source=name,
        )
    except ValueError as error:
        raise UsageError(f"{error}") from None
    lock = args.passphrase or args.passphrase_fd is not None
    phrase = read_passphrase(args.passphrase_fd, new=True) if lock else None
    _write(args, made, phrase)
    problems = choice.problems.line(1)
    if problems is not None:
        print(f"safelight: {problems}", file=sys.stderr)
    return OK if problems is None else REFUSED


def _redact(args: argparse.Namespace) -> int:
    found, phrase = _read(args)
    names = [name.strip() for name in args.facts.split(",") if name.strip()]
    if not args.messages and not names:
        raise UsageError("say what to leave out: --messages or --facts")
    try:
        less = redact(found, args.messages, names)
    except ValueError as error:
        raise UsageError(f"{error}") from None
    _write(args, less, None if args.unlock else phrase)
    return OK


def _page(args: argparse.Namespace) -> int:
    found, phrase = _read(args)
    said = words(args.language)
    indicators = parse_indicators((SHIPPED / "indicators.json").read_bytes())
    names = {name: each.name(said.language) for name, each in indicators.items()}
    page = evidence_page.render(found, said, names)
    save(args.output, page.encode("utf-8"), args.force)
    print(f"Saved {safe(str(args.output))}. Check code: {short_digest(found.digest)}")
    if phrase is not None:
        print("safelight: anybody who opens the page can read it", file=sys.stderr)
    return OK


def _verify(args: argparse.Namespace) -> int:
    found, _ = _load(args)
    try:
        verdict = verify(found, args.code)
    except ValueError as error:
        raise UsageError(f"--code: {error}") from None
    if not verdict.holds:
        raise EvidenceError(_does_not_fit(verdict.faults))
    print(f"Verified: {len(found.messages)} messages, {len(found.facts)} facts.")
    left_out = [f"message {number}" for number in verdict.redacted_messages]
    left_out += verdict.redacted_facts
    print(f"Left out: {len(left_out)}{' (' if left_out else ''}{', '.join(left_out)}"
          f"{')' if left_out else ''}.")  # fmt: skip
    print(f"Check code: {short_digest(found.digest)}")
    if not verdict.noted:
        print("Nothing was changed if this is the code that was noted when the file was made.")
    return OK


def _entered(args: argparse.Namespace) -> list[Fact]:
    """What was given by options, and then, if wanted, what the person answers."""
    facts = [] if args.zone is None else [Fact("zone", str(args.zone))]
    labels = words(args.language).tables["facts"]
    for name in _ENTERED:
        given = getattr(args, name)
        if given is None and args.ask:
            given = _asked(name, labels[name])
        values = given if isinstance(given, list) else [given]
        facts += [Fact(name, value) for value in values if value]
    return facts


def _asked(name: str, label: str) -> str:
    choices = f" [{', '.join(CHOICES[name])}]" if name in CHOICES else ""
    while True:
        print(f"{label}{choices}: ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip()
        answer = answer.upper() if name == "country" else answer
        fault = fact_fault(Fact(name, answer)) if answer else None
        if fault is None:
            return answer
        print(fault, file=sys.stderr)


def _read(args: argparse.Namespace) -> tuple[Evidence, str | None]:
    """A file that verifies, and its passphrase if it has one. Raises `EvidenceError`."""
    found, phrase = _load(args)
    faults = verify(found).faults
    if faults:
        raise EvidenceError(_does_not_fit(faults))
    return found, phrase


def _load(args: argparse.Namespace) -> tuple[Evidence, str | None]:
    try:
        with open(args.file, "rb") as file:
            data = file.read(2 * MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{safe(args.file)}: {error.strerror}") from None
    if not evidence_lock.is_locked(data):
        return evidence_file.parse(data), None
    phrase = read_passphrase(args.passphrase_fd, new=False)
    return evidence_file.parse(evidence_lock.unlock(data, phrase)), phrase


def _does_not_fit(faults: tuple[str, ...]) -> str:
    more = f" and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
    return f"does not verify: {', '.join(faults[:_SHOWN_FAULTS])}{more}"


def _write(args: argparse.Namespace, made: Evidence, phrase: str | None) -> None:
    data = evidence_file.to_bytes(made)
    save(args.output, data if phrase is None else evidence_lock.lock(data, phrase), args.force)
    shown = sum(row.content is not None for row in made.messages)
    print(f"Saved {safe(str(args.output))}, with {shown} of {len(made.messages)} messages.")
    print(f"Check code, to note down or read to somebody: {short_digest(made.digest)}")
