"""Who in a chat is the person using the phone, where the file does not say."""

from __future__ import annotations

import sys

from safelight.cli.options import UsageError
from safelight.cli.terminal import safe
from safelight.importers import ImportedChat, ImportedMessage, read
from safelight.importers.source import Opened
from safelight.types import SELF

#: So many names are kept and listed at most.
MAX_NAMES = 100


class Names:
    """The names in chats whose owner is not known, in the order of appearance."""

    def __init__(self) -> None:
        self._names: dict[str, str | None] = {}

    def add(self, message: ImportedMessage) -> None:
        """Note who wrote a message that may or may not be the owner's."""
        if message.mine is None and len(self._names) < MAX_NAMES:
            self._names.setdefault(message.sender, message.sender_id)

    def add_people(self, chat: ImportedChat) -> None:
        """Note who takes part in a chat, also those who have not written."""
        if not chat.owner_known:
            for name in chat.people[: MAX_NAMES - len(self._names)]:
                self._names.setdefault(name, None)

    def __bool__(self) -> bool:
        return bool(self._names)

    def __contains__(self, wanted: str) -> bool:
        return any(same(wanted, name, known) for name, known in self._names.items())

    def listed(self) -> list[str]:
        """The names, made harmless for a terminal."""
        return [safe(name) for name in self._names]


def is_owner(message: ImportedMessage, wanted: str | None) -> bool:
    """True if the person using the phone wrote it: the file's word first, then --self."""
    if message.mine is not None:
        return message.mine
    return wanted is not None and same(wanted, message.sender, message.sender_id)


def peer_name(message: ImportedMessage) -> str:
    """By whom tallies are kept: the id where there is one. Nobody else may be called "self"."""
    name = message.sender_id or message.sender
    return "peer" if name == SELF else name


def find_owner(opened: Opened, format_name: str, wanted: str | None) -> str | None:
    """The owner's name in a file that can be read twice, or None where the file says it itself.

    Asks on a terminal. Raises `UsageError` in a pipe, or if nobody has the name `wanted`.
    """
    names = collect(opened, format_name)
    opened.rewind()
    if not names or (wanted is not None and wanted in names):
        return wanted
    if wanted is not None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise missing(opened.name, names, wanted)
    return _ask(opened.name, names.listed())


def collect(opened: Opened, format_name: str) -> Names:
    """Read a source for its names alone; none are wanted where the file knows its owner."""
    names = Names()
    for record in read(opened, format_name):
        if isinstance(record, ImportedChat) and record.owner_known:
            break
        if isinstance(record, ImportedChat):
            names.add_people(record)
        elif isinstance(record, ImportedMessage):
            names.add(record)
    return names


def missing(source: str, names: Names, wanted: str | None) -> UsageError:
    """The error that lists the names to choose from."""
    asked = "who is the person using this phone?" if wanted is None else "nobody has that name."
    return UsageError(f"{safe(source)}: {asked} Give --self one of: {', '.join(names.listed())}")


def same(wanted: str, name: str, known_id: str | None) -> bool:
    """True if a name that somebody typed is that of a person with this name and id."""
    return wanted.casefold() in (name.casefold(), (known_id or name).casefold())


def _ask(source: str, names: list[str]) -> str:
    print(f"{safe(source)}: who is the person using this phone?", file=sys.stderr)
    for number, name in enumerate(names, start=1):
        print(f"  {number}. {name}", file=sys.stderr)
    while True:
        print("Number: ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline()
        if not answer:
            raise UsageError("no answer; give --self NAME")
        if answer.strip().isdecimal() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
