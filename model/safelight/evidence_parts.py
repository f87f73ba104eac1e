"""What an evidence file may hold: facts that a person enters, messages that a person chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from safelight.taxonomy import INDICATORS, MEDIA
from safelight.types import Level

#: The longest text of a message and the longest value of a fact, in characters.
MAX_TEXT, MAX_VALUE = 2**20, 2_000
MAX_MESSAGES, MAX_FACTS = 10_000, 100

#: What a person may enter, in the order of the file; only the account of its owner must be there.
FACTS = (
    "platform",
    "owner",  # the account of the person who makes the file
    "peer",  # an account of the other side
    "profile",  # a link to its profile
    "zone",  # the time zone of the clock in the export
    "money_demanded",
    "amount",
    "payment_id",
    "pictures_demanded",
    "country",  # where the person is
    "age_band",
    "contact",
    "note",
)
REPEATED = ("peer", "profile", "payment_id")
ANSWERS = ("yes", "no", "unsure")
AGE_BANDS = ("under_13", "13_15", "16_17", "18_over")
#: The only values that these facts may have.
CHOICES = {"money_demanded": ANSWERS, "pictures_demanded": ANSWERS, "age_band": AGE_BANDS}
LEVELS = tuple(level.label for level in Level)


@dataclass(frozen=True)
class Fact:
    """Something that the person entered. name: one of FACTS; value: at most MAX_VALUE long."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Noticed:
    """What Safelight noticed: the level after a message, and the indicators of the message."""

    level: str
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """One chosen message. Its repr holds no name and no text.

    number: its place in the chat, from 1. sender: the handle of the owner or of a peer.
    sent_at: as `iso` gives it. media: one of taxonomy.MEDIA, with the name of the file if that
    is known. noticed: only where the person asked for it.
    """

    number: int
    sender: str = field(repr=False)
    text: str = field(default="", repr=False)
    sent_at: str = field(default="", repr=False)
    media: str | None = None
    file_name: str = field(default="", repr=False)
    noticed: Noticed | None = None


def iso(moment: datetime | None) -> str:
    """ISO 8601: with offset if the zone is known, without if not, empty for an unknown time."""
    return "" if moment is None else moment.isoformat()


def is_iso(value: str) -> bool:
    """True for exactly what `iso` gives."""
    try:
        return not value or datetime.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def fact_fault(fact: Fact) -> str | None:
    """What is wrong with a fact, in a phrase, or None."""
    if fact.name not in FACTS:
        return "a fact has a name that is not known"
    if not 0 < len(fact.value) <= MAX_VALUE:
        return f"{fact.name} must have 1 to {MAX_VALUE:,} characters"
    if fact.name in CHOICES and fact.value not in CHOICES[fact.name]:
        return f"{fact.name} must be one of {', '.join(CHOICES[fact.name])}"
    if fact.name == "country" and not re.fullmatch("[A-Z]{2}", fact.value):
        return "country must have two capital letters"
    return None


def said_fault(said: Said) -> str | None:
    """What is wrong with a message, in a phrase, or None."""
    if not 1 <= said.number < 2**53:
        return "a message has no number from 1 on"
    if not 0 < len(said.sender) <= MAX_VALUE or len(said.file_name) > MAX_VALUE:
        return "a name is empty or too long"
    if len(said.text) > MAX_TEXT:
        return f"a text is longer than {MAX_TEXT:,} characters"
    if not is_iso(said.sent_at):
        return "a time is not written as ISO 8601"
    if said.media is not None and said.media not in MEDIA:
        return "an unknown kind of media"
    noticed = said.noticed
    if noticed is None:
        return None
    known = noticed.level in LEVELS and set(noticed.indicators) <= set(INDICATORS)
    return None if known else "an unknown level or indicator"


def order_fault(names: Sequence[str], numbers: Sequence[int]) -> str | None:
    """What is wrong with the names of facts and the numbers of messages as a whole, or None."""
    if not 1 <= len(numbers) <= MAX_MESSAGES or len(names) > MAX_FACTS:
        return f"there must be 1 to {MAX_MESSAGES:,} messages and at most {MAX_FACTS} facts"
    if any(number >= later for number, later in pairwise(numbers)):
        return "the messages are not in the order of their numbers"
    places = [FACTS.index(name) for name in names]
    twice = {name for name in names if names.count(name) > 1} - set(REPEATED)
    if places != sorted(places) or twice or "owner" not in names:
        return "the facts are out of order, repeated, or do not say whose chat it is"
    return None
