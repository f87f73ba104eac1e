"""`safelight scan FILE…`: reads chat exports and reports where warning signs appear."""

from __future__ import annotations

import argparse
import sys
from typing import Protocol

from safelight.advice import AUDIENCES, YOUNG
from safelight.cli import ask_self, terminal
from safelight.cli.ask_self import Owner
from safelight.cli.json_report import JsonReport
from safelight.cli.options import (
    OK,
    REFUSED,
    UsageError,
    add_bundle_options,
    add_language_options,
    add_owner_options,
    add_sensitivity_option,
    load_guard,
)
from safelight.cli.problems import Problems
from safelight.cli.progress import Tick, progress_bar
from safelight.cli.sources import STDIN, announce, find_owners, open_sources
from safelight.cli.timeline import Timeline
from safelight.conversation import Conversation
from safelight.guard import AT_ONCE, Guard
from safelight.importers import (
    AUTO,
    FORMAT_NAMES,
    ImportedChat,
    ImportedMessage,
    ImportProblem,
    read,
)
from safelight.importers.source import Opened
from safelight.types import SELF, Assessment, Message
from safelight.why import Why


class Report(Protocol):
    """Where assessments go, one chat at a time."""

    def start(self, chat: ImportedChat) -> None: ...

    def message(self, message: ImportedMessage, who: str, seen: Assessment) -> None: ...

    def end(self, why: Why | None) -> None: ...


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("scan", help="look through exported chats")
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="an export; - is standard input; message_1.json, message_2.json … of one folder "
        "are read as one chat",
    )
    parser.add_argument(
        "--format",
        choices=(AUTO, *FORMAT_NAMES),
        default=AUTO,
        help="what wrote the export; by default it is recognised (meta: Instagram, Messenger; "
        "sms: SMS Backup & Restore; matrix: Element; discord: DiscordChatExporter's JSON)",
    )
    add_owner_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON line a conversation")
    parser.add_argument(
        "--why", action="store_true", help="name the messages that the level at the end rests on"
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        help="say as what each file was recognised, as on a terminal",
    )
    parser.add_argument("--show-text", action="store_true", help="repeat the text of messages")
    parser.add_argument(
        "--audience", choices=AUDIENCES, default=YOUNG, help="whom the advice speaks to"
    )
    add_sensitivity_option(parser)
    add_language_options(parser)
    add_bundle_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Scan every file; 3 if anything could not be read, after reporting what could."""
    if args.files.count(STDIN) > 1:
        raise UsageError("standard input can be read only once")
    sources = open_sources(args.files)
    if args.format == AUTO and (args.verbose or sys.stderr.isatty()):
        announce(sources)
    guard = load_guard(args)
    guard.sensitivity = args.sensitivity
    # Who is who is settled for all files before anything is printed.
    owners = find_owners(sources, args.format, ask_self.given(args))
    report: Report
    if args.json:
        report = JsonReport(sys.stdout, args.show_text)
        console = terminal.errors()
    else:
        console = terminal.output()
        report = Timeline(
            console,
            guard.book,
            args.language,
            args.country,
            args.show_text,
            audience=args.audience,
        )
    status = OK
    for opened, owner in zip(sources, owners, strict=True):
        with progress_bar(opened, console) as tick:
            scanned = _Scan(guard, report, owner, args.why)
            scanned.read(opened, args.format, tick)
        opened.close()
        line = scanned.problems.line(scanned.chats)
        if line is not None:
            sys.stdout.flush()
            print(f"safelight: {line}", file=sys.stderr)
            status = REFUSED
    return status


class _Scan:
    """One source: keeps the current conversation, counts, and what went wrong.

    why: whether to ask what the level at the end rests on; the messages of a chat are then kept
    until its end. Messages are read some at a time, which is quicker than one by one.
    """

    def __init__(self, guard: Guard, report: Report, owner: Owner | None, why: bool) -> None:
        self._guard = guard
        self._why = why
        self._kept: list[Message] = []
        self._waiting: list[tuple[ImportedMessage, str, Message]] = []
        self._report = report
        self._owner = owner
        self._names = ask_self.Names()
        self._chat: ImportedChat | None = None
        self._conversation: Conversation | None = None
        self.problems = Problems()
        self.chats = 0

    def read(self, opened: Opened, format_name: str, tick: Tick) -> None:
        """Report every chat of a source. Raises `UsageError` if its owner is not known."""
        for record in read(opened, format_name):
            if isinstance(record, ImportProblem):
                self.problems.add(record)
            elif isinstance(record, ImportedChat):
                self._finish()
                self._chat = record
                self._names.add_people(record)
            else:
                self._observe(record, opened.name)
                tick()
        self._finish()
        # Of a pipe, only now.
        ask_self.settled(opened.name, self._names, self._owner, was_read=True)

    def _observe(self, message: ImportedMessage, source: str) -> None:
        known = self._chat is None or self._chat.owner_known
        if not known or (self._owner is not None and self._owner.is_named):
            self._names.add(message, known)
        if not known and self._owner is None:
            return  # a pipe, and nobody said who is who: only the names are wanted now
        own = ask_self.is_owner(message, self._owner)
        conversation = self._started(source)
        sender = SELF if own else ask_self.peer_name(message)
        said = Message(sender, message.text, message.media, message.sent_at, message.id)
        self._waiting.append((message, "you" if own else message.sender, said))
        if len(self._waiting) == AT_ONCE:
            self._follow(conversation)

    def _follow(self, conversation: Conversation) -> None:
        said = [each for _, _, each in self._waiting]
        found = self._guard._follow(conversation, said)
        for (message, who, _), seen in zip(self._waiting, found, strict=True):
            self._report.message(message, who, seen)
        if self._why:
            self._kept += said
        self._waiting = []

    def _started(self, source: str) -> Conversation:
        """The conversation under way; its report starts with its first message."""
        if self._conversation is None:
            chat = self._chat or ImportedChat(source, owner_known=True)
            self._conversation = self._guard.conversation(chat.id)
            self._report.start(chat)
        return self._conversation

    def _finish(self) -> None:
        if self._chat is not None and (self._owner is not None or self._chat.owner_known):
            self._started(self._chat.id)
        if self._conversation is not None:
            self._follow(self._conversation)
            self._report.end(self._guard.why(self._kept) if self._why else None)
            self.chats += 1
        self._chat = self._conversation = None
        self._kept = []
