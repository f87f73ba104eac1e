"""Who in a chat is the person using the phone, where the file does not say."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace

from safelight.cli.options import UsageError
from safelight.cli.terminal import safe
from safelight.importers import ImportedChat, ImportedMessage, read
from safelight.importers.source import Opened
from safelight.types import SELF

#: What JSON lines call everybody but the owner.
_PEER = "peer"
#: Characters that change only how the one before them is drawn.
_DRAWN = ("\ufe0e", "\ufe0f")

#: So many people are kept, and so many of them listed, at most.
MAX_KEPT = 10_000
MAX_LISTED = 100


@dataclass(frozen=True)
class Owner:
    """The person using the phone, as somebody named them.

    `name`: a name or an id as typed, or None. `key`: which of the people in the file that is, once
    it is settled (see `Names`). `silent`: nothing in the file is theirs, whoever has their name.
    `elsewhere`: they were found in another file of the same command, so that they may be missing
    in this one.
    """

    name: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    silent: bool = False
    elsewhere: bool = False

    @property
    def is_named(self) -> bool:
        """Whether a name was given, of which nobody is settled yet."""
        return self.name is not None and self.key is None and not self.silent


class Names:
    """The people in chats whose owner is not known, in the order of appearance.

    Each has a key: the id that the format gives them, else the name. `told`: the file itself
    says whose a message is, so that nobody is looked for.
    """

    def __init__(self) -> None:
        self._people: dict[str, str] = {}
        self._shared: set[str] = set()
        self.told = False

    def add(self, message: ImportedMessage, owner_known: bool = False) -> None:
        """Note who wrote a message that may or may not be the owner's.

        owner_known: of its chat. JSON lines say that of every chat, and may call people by names.
        """
        if message.mine is not None:
            self.told = True
        elif not owner_known or message.sender != _PEER:
            self._note(key_of(message), message.sender)

    def add_people(self, chat: ImportedChat) -> None:
        """Note who takes part in a chat, also those who have not written."""
        if chat.owner_known:
            return
        keys = chat.people_ids or chat.people
        for key, name in zip(keys, chat.people, strict=True):
            self._note(key, name)
        self._shared |= {key for key, count in Counter(keys).items() if count > 1}

    def __bool__(self) -> bool:
        return bool(self._people) and not self.told

    def keys(self) -> list[str]:
        """The keys of those who are listed."""
        return list(self._people)[:MAX_LISTED]

    def alike(self, wanted: str, exactly: bool = False) -> list[str]:
        """The keys of those whom a person may mean: one for a key, all of that name for a name.

        exactly: not those whose names only look the same, who else count where nobody has it.
        """
        if wanted in self._people:
            return [wanted]
        found = [key for key, name in self._people.items() if same(wanted, name, key)]
        if found or exactly:
            return found
        looks = _looks(wanted)
        return [key for key, name in self._people.items() if looks and looks == _looks(name)]

    def owner(self, key: str) -> Owner:
        return Owner(self._people[key], key)

    def is_shared(self, key: str) -> bool:
        """True for a name that several people of one chat have, where the file gives no ids."""
        return key in self._shared

    def listed(self, keys: list[str]) -> list[str]:
        """Their names, made harmless for a terminal; with the id where the name is not enough."""
        count = Counter(safe(name).casefold() for name in self._people.values())
        return [self._label(key, count[safe(self._people[key]).casefold()] > 1) for key in keys]

    def _label(self, key: str, with_id: bool) -> str:
        name = safe(self._people[key])
        if self.is_shared(key):
            return f"{name} (more than one person)"
        return f"{name} ({safe(key)})" if with_id and key != self._people[key] else name

    def _note(self, key: str, name: str) -> None:
        if len(self._people) < MAX_KEPT:
            self._people.setdefault(key, name)


def given(args: argparse.Namespace) -> Owner | None:
    """What the options say of the owner; None if nothing."""
    if args.owner is None and not args.wrote_nothing:
        return None
    return Owner(args.owner, silent=args.wrote_nothing)


def is_owner(message: ImportedMessage, owner: Owner | None) -> bool:
    """True if the person using the phone wrote it: the file's word first, then the options'."""
    if message.mine is not None:
        return message.mine
    if owner is None or owner.silent or owner.name is None:
        return False
    if owner.key is not None:
        return owner.key == key_of(message)
    return same(owner.name, message.sender, message.sender_id)


def key_of(message: ImportedMessage) -> str:
    """What tells the sender of a message from all others: the id where there is one."""
    return message.sender_id or message.sender


def peer_name(message: ImportedMessage) -> str:
    """By whom tallies are kept. Nobody else may be called "self"."""
    name = key_of(message)
    return _PEER if name == SELF else name


def collect(opened: Opened, format_name: str, wanted: Owner | None) -> Names:
    """Read a source for its names alone; none are wanted where the file knows its owner."""
    names, known = Names(), False
    for record in read(opened, format_name):
        if isinstance(record, ImportedChat):
            known = record.owner_known
            if known and (wanted is None or not wanted.is_named):
                break
            names.add_people(record)
        elif isinstance(record, ImportedMessage):
            names.add(record, known)
        if names.told:
            break
    return names


def answered(source: str, names: Names, wanted: Owner | None) -> Owner | None:
    """The owner among the people in a source; asks on a terminal where nobody said who it is.

    Raises `UsageError` as `settled` does.
    """
    if wanted is None and names and sys.stdin.isatty() and sys.stderr.isatty():
        wanted = _ask(source, names)
    return settled(source, names, wanted)


def settled(
    source: str, names: Names, wanted: Owner | None, was_read: bool = False
) -> Owner | None:
    """The one of these people who is meant. Raises `UsageError` if that is nobody, or several.

    was_read: the messages were told apart already, as `is_owner` does by name alone.
    """
    if not names or (wanted is not None and (wanted.silent or wanted.key is not None)):
        return wanted
    if wanted is None or wanted.name is None:
        raise _missing(source, names, "who is the person using this phone?")
    found = names.alike(wanted.name, exactly=was_read)
    if not found and wanted.elsewhere:
        what = "nobody has that name here, so every message counts as another person's"
        print(f"safelight: {safe(source)}: {what}", file=sys.stderr)
        return replace(wanted, silent=True)
    if not found:
        raise _missing(source, names, "nobody has that name.")
    if len(found) > 1:
        listed = ", ".join(names.listed(found[:MAX_LISTED]))
        what = "that may be several people. Give --self the name or the id of one:"
        raise UsageError(f"{safe(source)}: {what} {listed}")
    if names.is_shared(found[0]):
        what = (
            "more than one person has that name, and the file has no ids to tell them apart. "
            "--wrote-nothing reads every message as another person's"
        )
        raise UsageError(f"{safe(source)}: {what}")
    return names.owner(found[0])


def same(wanted: str, name: str, known_id: str | None) -> bool:
    """True if a name that somebody typed, or copied from a list, is that of this person."""
    return wanted.casefold() in {each.casefold() for each in (name, safe(name), known_id or name)}


def _looks(name: str) -> str:
    """What can be seen of a name: letters and accents in one form, without marks and wide gaps."""
    shown = "".join(
        letter for letter in unicodedata.normalize("NFKC", name)
        if unicodedata.category(letter) != "Cf" and letter not in _DRAWN
    )  # fmt: skip
    return " ".join(shown.split()).casefold()


def _missing(source: str, names: Names, asked: str) -> UsageError:
    """The error that lists the names to choose from."""
    listed = ", ".join(names.listed(names.keys()))
    what = f"Give --self one of: {listed}; or --wrote-nothing if it is none of them"
    return UsageError(f"{safe(source)}: {asked} {what}")


def _ask(source: str, names: Names) -> Owner:
    print(f"{safe(source)}: who is the person using this phone?", file=sys.stderr)
    keys = names.keys()
    for number, label in enumerate(names.listed(keys), start=1):
        print(f"  {number}. {label}", file=sys.stderr)
    print("  0. none of them: that person has written nothing here", file=sys.stderr)
    while True:
        print("Number: ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline()
        if not answer:
            raise UsageError("no answer; give --self NAME or --wrote-nothing")
        if answer.strip().isdecimal() and int(answer) <= len(keys):
            return Owner(keys[int(answer) - 1]) if int(answer) else Owner(silent=True)
