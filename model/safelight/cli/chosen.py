"""The messages that a person chooses from one chat of an export, by their numbers."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone, tzinfo
from zoneinfo import ZoneInfo

from safelight.cli import ask_self
from safelight.cli.ask_self import Owner
from safelight.cli.options import UsageError
from safelight.cli.problems import Problems
from safelight.cli.terminal import safe
from safelight.conversation import Conversation
from safelight.evidence_parts import MAX_MESSAGES, Fact, Noticed, Said, iso
from safelight.guard import Guard
from safelight.importers import ImportedChat, ImportedMessage, ImportProblem, read
from safelight.importers.records import CLOCK_ZONE
from safelight.importers.source import Opened
from safelight.types import SELF

_SHOWN_CHATS = 20


def numbers(value: str) -> frozenset[int]:
    """Read "3-9,12". For argparse."""
    found: set[int] = set()
    for part in value.split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        if not (first.isdecimal() and (last.isdecimal() or not dash)):
            raise argparse.ArgumentTypeError("give numbers such as 3-9,12")
        low, high = int(first), int(last or first)
        if not 1 <= low <= high or high - low >= MAX_MESSAGES:
            raise argparse.ArgumentTypeError("numbers run from 1, and a range from low to high")
        found.update(range(low, high + 1))
    return frozenset(found)


def handle(value: str) -> tuple[str, str]:
    """Read "NAME=HANDLE". For argparse."""
    name, _, account = value.partition("=")
    if not name or not account.strip():
        raise argparse.ArgumentTypeError("give NAME=HANDLE")
    return name, account.strip()


def zone(value: str) -> tzinfo:
    """Read "+02:00" or "Europe/Paris". For argparse."""
    try:
        if value[:1] in "+-":
            return datetime.strptime(value, "%z").tzinfo or timezone.utc
        return ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise argparse.ArgumentTypeError("give a zone such as +02:00 or Europe/Paris") from None


@dataclass
class Choice:
    """Reads a source and keeps the chosen messages of one chat, in memory alone.

    owner: the person using the phone, where the file does not say it. chat: which chat, where
    there are several. guard: to note what Safelight notices, or None.
    """

    wanted: Collection[int]
    owner: Owner | None
    chat: str | None
    guard: Guard | None
    kept: list[tuple[int, ImportedMessage, bool, Noticed | None]] = field(
        default_factory=list, repr=False
    )
    problems: Problems = field(default_factory=Problems)
    own: ImportedMessage | None = field(default=None, repr=False)
    _shared: set[str] = field(default_factory=set, repr=False)
    _count: int = 0
    _watched: Conversation | None = None

    def read(self, opened: Opened, format_name: str) -> None:
        """Read one source. Raises `UsageError` if the choice does not fit it."""
        chats: list[ImportedChat] = []
        for record in read(opened, format_name):
            if isinstance(record, ImportProblem):
                self.problems.add(record)
            elif isinstance(record, ImportedChat):
                chats.append(record)
                self._begin(record)
            elif chats and self._is_wanted(chats[-1]):
                self._take(record)
        if self.chat is None and len(chats) > 1:
            raise UsageError(f"there are several chats; give --chat one of: {_listed(chats)}")
        if self.chat is not None and (found := sum(map(self._is_wanted, chats))) != 1:
            how_many = "several chats have" if found else "no chat has"
            raise UsageError(f"--chat: {how_many} that id; there are: {_listed(chats)}")
        missing = set(self.wanted) - {number for number, *_ in self.kept}
        if missing:
            raise UsageError(f"there is no message {min(missing)}; the chat has {self._count}")
        count = Counter(self._people().values())
        self._shared = {name for name, people in count.items() if people > 1}

    @property
    def by_the_clock(self) -> bool:
        """Whether a chosen message has the time of a clock whose zone the export does not say."""
        return any(_by_the_clock(message) for _, message, *_ in self.kept)

    def said(self, handles: Mapping[str, str], clock: tzinfo | None) -> list[Said]:
        """The messages, under the handles that the person gave, or else the names shown."""
        return [
            Said(
                number=number,
                sender=self._account(message, handles),
                text=message.text,
                sent_at=sent_at(message, clock),
                media=message.media,
                file_name=message.file_name or "",
                noticed=noticed,
            )
            for number, message, _, noticed in self.kept
        ]

    def accounts(self, handles: Mapping[str, str]) -> list[Fact]:
        """The owner's account and those of the others who wrote a chosen message."""
        people = self._people()
        for name in handles:
            keys = {key for key, shown in people.items() if ask_self.same(name, shown, key)}
            if name not in keys and len(keys) != 1:
                how_many = "several people are" if keys else "nobody is"
                raise UsageError(f"--handle: {how_many} called {safe(name)} in what was chosen")
        named = self.owner.name if self.owner else None
        own = self._account(self.own, handles) if self.own else named or SELF
        peers = dict.fromkeys(
            self._account(message, handles) for _, message, mine, _ in self.kept if not mine
        )
        return [Fact("owner", own), *(Fact("peer", peer) for peer in peers)]

    def _people(self) -> dict[str, str]:
        """Those whose messages were chosen and the owner: what tells them apart, and the name."""
        some = [message for _, message, *_ in self.kept] + ([self.own] if self.own else [])
        return {ask_self.key_of(message): message.sender for message in some}

    def _account(self, message: ImportedMessage, handles: Mapping[str, str]) -> str:
        for name, account in handles.items():
            if ask_self.same(name, message.sender, message.sender_id):
                return account
        with_id = message.sender in self._shared and message.sender_id
        return f"{message.sender} ({message.sender_id})" if with_id else message.sender

    def _is_wanted(self, chat: ImportedChat) -> bool:
        return self.chat is None or self.chat in (chat.id, safe(chat.id))

    def _begin(self, chat: ImportedChat) -> None:
        if self._is_wanted(chat):
            self._count = 0
            self._watched = self.guard.conversation(chat.id) if self.guard else None

    def _take(self, message: ImportedMessage) -> None:
        self._count += 1
        mine = ask_self.is_owner(message, self.owner)
        if mine and self.own is None:
            self.own = message
        noticed = self._notice(message, mine)
        if self._count in self.wanted:
            self.kept.append((self._count, message, mine, noticed))

    def _notice(self, message: ImportedMessage, mine: bool) -> Noticed | None:
        if self._watched is None or self._count > max(self.wanted):
            return None
        seen = self._watched.observe(
            sender=SELF if mine else ask_self.peer_name(message),
            text=message.text,
            media=message.media,
            sent_at=message.sent_at,
        )
        return Noticed(seen.level.label, tuple(seen.indicators))


def _listed(chats: list[ImportedChat]) -> str:
    """Their ids, as they can be given, with their names in the app."""
    shown = [f"{safe(chat.id)} ({safe(chat.title)})" if chat.title else safe(chat.id)
             for chat in chats[:_SHOWN_CHATS]]  # fmt: skip
    more = [f"and {len(chats) - _SHOWN_CHATS} more"] if len(chats) > _SHOWN_CHATS else []
    return ", ".join([*shown, *more])


def _by_the_clock(message: ImportedMessage) -> bool:
    moment = message.sent_at
    return moment is not None and moment.tzinfo is CLOCK_ZONE and message.offset_s is None


def sent_at(message: ImportedMessage, clock: tzinfo | None) -> str:
    """The time as given. A wall clock gets the zone that the person named, if it is clear there.

    An hour that came twice, or never, when clocks were changed stays without a zone.
    """
    moment = message.sent_at
    if moment is None or message.offset_s is not None:
        return ""  # seconds since the first message are no time of day
    if not _by_the_clock(message):
        return iso(moment)
    earlier, later = moment.replace(tzinfo=clock), moment.replace(tzinfo=clock, fold=1)
    clear = clock is not None and earlier.utcoffset() == later.utcoffset()
    return iso(earlier if clear else moment.replace(tzinfo=None))
