"""The grammar of practice chats: which acts come in which order. No words of any language.

A family is one file under `scenarios/` with a `SCENARIO`. Its beats name sections of the
phrasebooks; a plan is one run through the beats: a list of slots for messages.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from safelight.taxonomy import CUES, INDICATORS

SWITCH = 0.72  # chance that the other side writes the next message of ordinary talk
MAX_LENGTH = 70
LABELS = frozenset((*INDICATORS, *CUES))


@dataclass(frozen=True)
class Say:
    """One message that does all of `acts` (sections); `who` is peer, self or other (a group)."""

    who: str
    acts: tuple[str, ...]
    chance: float = 1.0
    medium: str | None = None


@dataclass(frozen=True)
class Talk:
    """Ordinary talk of at least `least` messages; takes its share of the length left over."""

    least: int = 0
    share: float = 1.0


@dataclass(frozen=True)
class Pause:
    """A break before the next message: minutes, hours or days."""

    kind: str
    chance: float = 1.0


@dataclass(frozen=True)
class Loop:
    """The beats again and again, `least` to `most` times."""

    least: int
    most: int
    beats: tuple[Beat, ...]


@dataclass(frozen=True)
class OneOf:
    """One of several ways to go on, each equally likely."""

    ways: tuple[tuple[Beat, ...], ...]


@dataclass(frozen=True)
class AnyOrder:
    """All the beats, shuffled."""

    beats: tuple[Beat, ...]


@dataclass(frozen=True)
class Over:
    """Here the arc ends; ordinary talk may follow."""


Beat: TypeAlias = Say | Talk | Pause | Loop | OneOf | AnyOrder | Over


@dataclass(frozen=True)
class Scenario:
    """A family. Risky ones have beats; harmless ones a topic and what they mix in."""

    label: str
    beats: tuple[Beat, ...] = ()
    group: bool = False
    topic: str = ""
    twins: tuple[str, ...] = ()
    weak: str | None = None
    cues: tuple[str, ...] = ()
    plain: bool = False


@dataclass(frozen=True)
class Slot:
    """Room for one message: `acts` is empty in ordinary talk."""

    who: str
    acts: tuple[str, ...] = ()
    pause: str = ""
    medium: str | None = None
    over: bool = False  # the arc ended before this message


def shown(acts: Iterable[str]) -> list[str]:
    """The labels that `acts` show: of "secrecy:warnings", a kind of secrecy, "secrecy"."""
    return [label for label in (act.partition(":")[0] for act in acts) if label in LABELS]


def peer(*acts: str, chance: float = 1.0, medium: str | None = None) -> Say:
    """A message of the other person."""
    return Say("peer", acts, chance, medium)


def owner(*acts: str, chance: float = 1.0) -> Say:
    """A message of the person using the phone."""
    return Say("self", acts, chance)


def other(*acts: str, chance: float = 1.0) -> Say:
    """A message of another member of the group."""
    return Say("other", acts, chance)


def grooming(*beats: Beat, group: bool = False) -> Scenario:
    """A family in which trust, secrecy and dependence are built."""
    return Scenario("grooming", beats, group)


def sextortion(*beats: Beat, group: bool = False) -> Scenario:
    """A family in which somebody threatens or orders to get pictures, money or acts."""
    return Scenario("sextortion", beats, group)


def harmless(
    topic: str,
    *twins: str,
    weak: str | None = None,
    cues: tuple[str, ...] = (),
    plain: bool = False,
) -> Scenario:
    """A family about a topic, with look-alikes of some indicators and at most ONE weak one.

    `plain`: the topic itself is like no risk; all others are hard to tell from one.
    """
    return Scenario("none", topic=topic, twins=twins, weak=weak, cues=cues, plain=plain)


@cache
def families() -> dict[str, Scenario]:
    """Every family by its file name, in alphabetical order."""
    folder = Path(__file__).parent / "scenarios"
    names = sorted(path.stem for path in folder.glob("[!_]*.py"))
    package = f"{__package__}.scenarios"
    return {name: import_module(f"{package}.{name}").SCENARIO for name in names}


def plan(scenario: Scenario, length: int, rng: random.Random) -> list[Slot]:
    """One run through a risky family, stretched by ordinary talk to about `length` messages."""
    steps = _flatten(scenario.beats, rng)
    talks = [i for i, step in enumerate(steps) if isinstance(step, Talk)]
    said = sum(isinstance(step, Say) for step in steps)
    spare = min(length, MAX_LENGTH) - said - sum(steps[i].least for i in talks)
    extra = dict.fromkeys(talks, 0)
    if talks and spare > 0:
        weights = [steps[i].share * rng.expovariate(1) for i in talks]
        for i in rng.choices(talks, weights, k=spare):
            extra[i] += 1
    return _slots(steps, extra, scenario.group, rng)


def _flatten(beats: Sequence[Beat], rng: random.Random) -> list[Say | Talk | Pause | Over]:
    flat: list[Say | Talk | Pause | Over] = []
    for beat in beats:
        if isinstance(beat, Loop):
            for _ in range(rng.randint(beat.least, beat.most)):
                flat += _flatten(beat.beats, rng)
        elif isinstance(beat, OneOf):
            flat += _flatten(rng.choice(beat.ways), rng)
        elif isinstance(beat, AnyOrder):
            flat += _flatten(rng.sample(beat.beats, len(beat.beats)), rng)
        elif not isinstance(beat, Say | Pause) or rng.random() < beat.chance:
            flat.append(beat)
    return flat


def _slots(
    steps: Sequence[Say | Talk | Pause | Over],
    extra: dict[int, int],
    group: bool,
    rng: random.Random,
) -> list[Slot]:
    slots: list[Slot] = []
    pause, over, speaker = "", False, rng.choice(("peer", "self"))
    for i, step in enumerate(steps):
        if isinstance(step, Pause):
            pause = step.kind
        elif isinstance(step, Over):
            over = True
        elif isinstance(step, Say):
            speaker = step.who
            slots.append(Slot(speaker, step.acts, pause, step.medium, over))
            pause = ""
        else:
            for _ in range(step.least + extra[i]):
                if rng.random() < SWITCH:
                    speaker = "self" if speaker != "self" else "peer"
                    if group and speaker == "peer" and rng.random() < 0.5:
                        speaker = "other"
                slots.append(Slot(speaker, (), pause, None, over))
                pause = rng.choice(("minutes", "hours", "days")) if rng.random() < 0.05 else ""
    return slots
