"""Protective friction: a question on this phone before something is sent, a cover on what arrives.

Hints for the app, which applies them on the screen alone. Everything is reversible with one tap,
and nothing here can block, answer, delay or report: the types hold no field for it, so that what
goes over the wire is the same whether or not a warning fired. Pure; the words are fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from safelight.friction_words import Ask, AskWords
from safelight.types import Level, Stage


class Send(str, Enum):
    """What to do when the person taps send: send as usual, or ask them first."""

    ALLOW = "allow"
    ASK = "ask"


class Arrive(str, Enum):
    """How to show what was fetched as usual: as it is, blurred, or closed until they say open."""

    SHOW = "show"
    BLUR = "blur"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Friction:
    """What to do before something is sent.

    kind: what is sent. title, text: what to ask; go, stay: the two answers, to be shown alike.
    All four are empty where nothing is asked; text also in discreet mode. language: of these
    words, not the one asked for where that one has none. review: as in an advice file.
    """

    kind: str
    action: Send
    title: str
    text: str
    go: str
    stay: str
    language: str
    review: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """How to show something that has arrived; the fields are those of Friction."""

    kind: str
    action: Arrive
    title: str
    text: str
    go: str
    stay: str
    language: str
    review: str


_N, _W = Level.NOTICE, Level.WARNING
_Row = tuple[Level | None, Level | None, Level | None]

#: The table's columns, by stage. No stage, no question.
_COLUMN: Final[Mapping[Stage, int]] = {
    Stage.TRUST: 0,
    Stage.REQUEST: 1,
    Stage.THREAT: 2,
    Stage.AFTER: 2,
    Stage.CRISIS: 2,
}
#: What is asked about before it is sent: the lowest level that asks, by stage; None is never.
#: A picture, a video or a place cannot be taken back, so they are asked about first. Words are
#: never held up: whoever wants to say no, or to ask for help, must be able to say it at once.
SENDING: Final[Mapping[str, _Row]] = {
    #           trust  request  threat, after, crisis
    "text":     (None, None, None),
    "voice":    (None, None, None),
    "sticker":  (None, None, None),
    "link":     (None, None, None),
    "image":    (_W, _N, _N),
    "video":    (_W, _N, _N),
    "location": (_W, _N, _N),
    "payment":  (_W, _W, _N),
    "file":     (_W, _W, _N),
    "contact":  (_W, _W, _W),
    "call":     (None, _W, _W),
}  # fmt: skip
#: What is covered when it arrives, and how. Calls ring, and words are there to be read.
ARRIVING: Final[Mapping[str, tuple[Arrive, _Row]]] = {
    #                       trust  request  threat, after, crisis
    "text":     (Arrive.SHOW, (None, None, None)),
    "voice":    (Arrive.SHOW, (None, None, None)),
    "sticker":  (Arrive.SHOW, (None, None, None)),
    "link":     (Arrive.ASK,  (_W, _W, _W)),
    "image":    (Arrive.BLUR, (_W, _N, _N)),
    "video":    (Arrive.BLUR, (_W, _N, _N)),
    "location": (Arrive.SHOW, (None, None, None)),
    "payment":  (Arrive.SHOW, (None, None, None)),
    "file":     (Arrive.ASK,  (_W, _W, _W)),
    "contact":  (Arrive.SHOW, (None, None, None)),
    "call":     (Arrive.SHOW, (None, None, None)),
}  # fmt: skip


def sending(kind: str, level: Level, stage: Stage) -> Send:
    """Return what the table says of sending; ValueError for a kind that it does not list."""
    return Send.ASK if _reached(SENDING[_known(kind)], level, stage) else Send.ALLOW


def arriving(kind: str, level: Level, stage: Stage) -> Arrive:
    """Return what the table says of an arrival; ValueError for a kind that it does not list."""
    cover, row = ARRIVING[_known(kind)]
    return cover if _reached(row, level, stage) else Arrive.SHOW


def before_send(
    words: AskWords, kind: str, level: Level, stage: Stage, *, discreet: bool
) -> Friction:
    """Return the answer of `sending` with the words to ask."""
    action = sending(kind, level, stage)
    ask = None if action is Send.ALLOW else words.send[kind]
    return Friction(kind, action, *_said(words, ask, discreet), words.language, words.review)


def on_arrival(
    words: AskWords, kind: str, level: Level, stage: Stage, *, discreet: bool
) -> Arrival:
    """Return the answer of `arriving` with the words on the cover."""
    action = arriving(kind, level, stage)
    ask = None if action is Arrive.SHOW else words.arrive[kind]
    return Arrival(kind, action, *_said(words, ask, discreet), words.language, words.review)


def _known(kind: str) -> str:
    if kind not in SENDING:
        raise ValueError(f"kind must be one of {', '.join(SENDING)}")
    return kind


def _reached(row: _Row, level: Level, stage: Stage) -> bool:
    column = _COLUMN.get(stage)
    least = None if column is None else row[column]
    return least is not None and level >= least


def _said(words: AskWords, ask: Ask | None, discreet: bool) -> tuple[str, str, str, str]:
    if ask is None:
        return "", "", "", ""
    return ask.title, "" if discreet else ask.text, ask.go, words.stay
