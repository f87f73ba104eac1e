"""The values that cross the interface. All are frozen; only Message holds text of a chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from safelight.advice import Advice, AdviceBook

#: The sender name of the person using the phone; every other name is a peer.
SELF = "self"


class Level(IntEnum):
    """What an app shows. Comparable: NONE < NOTICE < WARNING < URGENT."""

    NONE = 0
    NOTICE = 1
    WARNING = 2
    URGENT = 3

    @property
    def label(self) -> str:
        """The lower-case name, as in files: "none", "notice", "warning", "urgent"."""
        return self.name.lower()


class Stage(str, Enum):
    """How far things have gone; picks the advice. NONE exactly while the level is NONE."""

    NONE = "none"
    TRUST = "trust"
    REQUEST = "request"
    THREAT = "threat"
    AFTER = "after"
    CRISIS = "crisis"


class Form(str, Enum):
    """How a level is shown, by the choices of the person using the phone.

    OFF: the guard is off and read nothing. NOTHING: there is nothing to show. LINE: one neutral
    closed line (Guard.line), and the card when it is tapped. CARD: the advice; at level notice
    its title and action alone.
    """

    OFF = "off"
    NOTHING = "nothing"
    LINE = "line"
    CARD = "card"


@dataclass(frozen=True)
class Message:
    """One message of a chat. Its repr holds no name and no text.

    sender: "self", "peer", or a peer's name in a group. media: one of taxonomy.MEDIA.
    sent_at: an aware datetime, or None when unknown. id: the app's own, or None.
    """

    sender: str = field(repr=False)
    text: str = field(default="", repr=False)
    media: str | None = None
    sent_at: datetime | None = None
    id: str | None = None


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the model says after one message: calibrated probabilities, float32, 0..1.

    risks: (2,) in the order of taxonomy.RISKS, for the chat so far. indicators: (21,) and
    cues: (5,) for this message, in the order of taxonomy.INDICATORS and taxonomy.CUES. languages:
    of this message, in the order of the manifest's languages and then "other"; None of a model
    without a language head.
    """

    risks: NDArray[np.float32]
    indicators: NDArray[np.float32]
    cues: NDArray[np.float32]
    languages: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Reason:
    """A message that showed an indicator."""

    message_id: str
    indicator: str


@dataclass(frozen=True)
class Assessment:
    """What is shown after one message.

    level: the level now, after the choices of the person (safelight.settings.shown); changed:
    whether it differs from before this message; raised: whether this message calls for a card: the
    level rose, or at `warning` and above the stage moved on (a push to self-harm last of all).
    Both are always False in a replay. stage: NONE exactly when level is NONE. risks: name →
    probability 0..1 for the chat so far. indicators: name → probability, those of this message
    at or above their threshold. reasons: at most six, the most recent message first, none at
    level NONE. supported_language: False where the chat is in a language that the model does
    not know, so that silence means nothing; None while it cannot tell. form: how to show the
    level. While the guard is off nothing is read: the form is OFF, the level NONE, and every
    risk 0.
    """

    level: Level
    changed: bool
    stage: Stage
    risks: dict[str, float]
    indicators: dict[str, float]
    reasons: tuple[Reason, ...]
    supported_language: bool | None
    book: AdviceBook = field(repr=False, compare=False)
    form: Form = Form.CARD
    raised: bool = False

    def advice(
        self,
        language: str,
        country: str | None = None,
        *,
        audience: str = "young",
        today: date | None = None,
    ) -> Advice:
        """Return the fixed advice and help cards for this assessment.

        language: two letters, or a tag that starts with them; one without advice falls back to
        English, and Advice.language says so. country: two letters, or None for the
        international cards. audience: "young", or "adult" for an adult who chose that; a stage
        without words of its own for adults falls back to the young ones, and Advice.audience
        says so (ValueError for any other). today: the date by which cards count as recently
        checked, by default the date of the device.
        """
        return self.book.advice(self, language, country, today or date.today(), audience)
