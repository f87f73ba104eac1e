"""Reads phrasebooks: plain text files of single messages, grouped by what they do.

A file holds lines `[section]`, each followed by one message a line; `#` starts a comment
line. The voice of a phrase is `<language>-<file name>`. `{name}` and the other blanks are
filled in later.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from safelight.taxonomy import CUES, INDICATORS
from safelight_training.data.scenario import families
from safelight_training.data.splits import TWIN_VOICES, first_voices, phrase_splits
from safelight_training.refused import InputError

BLANKS = ("name", "place", "game", "app", "amount", "age", "time", "day")
#: A topic of harmless scenarios has two sections: `topic>` the other person, `topic<` the owner.
TOPICS = tuple(sorted({scenario.topic for scenario in families().values() if scenario.topic}))
# fmt: off
SMALL_TALK = (
    "self:ok", "self:unsure", "self:chat", "self:ask", "self:bye", "peer:hello", "peer:chat",
    "peer:ask", "peer:react", "peer:bye", "peer:support",
)
# fmt: on
#: Kinds of an indicator that have wordings, and look-alikes, of their own; and by section.
KINDS = ("secrecy:warnings",)
KINDS_OF = {
    f"{side}{name}": tuple(f"{side}{kind}" for kind in KINDS if kind.startswith(f"{name}:"))
    for name in INDICATORS
    for side in ("", "twin:")
}
#: Look-alikes of these are often the act itself, among friends (docs/labelling.md): a meeting, a
#: fair debt. The voices of look-alikes (TWIN_VOICES) keep the two apart, the others do not.
UNSETTLED = ("meet_request", "payment_demand")
SECTIONS = frozenset(
    (
        *INDICATORS,
        *CUES,
        *SMALL_TALK,
        *KINDS,
        *(f"twin:{name}" for name in (*INDICATORS, *KINDS)),
        *(f"{topic}{side}" for topic in TOPICS for side in "<>"),
    )
)
FOLDER = Path(__file__).parent / "phrasebooks"
HEADING = re.compile(r"^\[([^\]]+)\]$")
BLANK = re.compile(r"\{([^{}]*)\}")


class PhrasebookError(InputError):
    """A line of a phrasebook that does not follow the format."""


@dataclass(frozen=True)
class Phrase:
    """One message, the section that says what it does, and who wrote it."""

    text: str
    section: str
    voice: str


@dataclass(frozen=True)
class Pools:
    """The phrases that one split of one language may use."""

    voices: tuple[str, ...]
    by_voice: dict[tuple[str, str], list[str]] = field(repr=False)
    by_section: dict[str, list[str]] = field(repr=False)
    #: Texts of UNSETTLED sections whose writers did not tell the act among friends from its
    #: look-alikes.
    unsettled: frozenset[str] = frozenset()


def read_sections(path: Path) -> list[tuple[int, str, str]]:
    """(line number, section, line) of a file with `[section]` headings."""
    section, found = "", []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if heading := HEADING.match(line):
            section = heading[1].strip()
        elif not section:
            raise PhrasebookError(f"{path.name}:{number}: a message stands before any [section]")
        else:
            found.append((number, section, line))
    return found


def read_language(folder: Path) -> list[Phrase]:
    """Phrases of all files of a language folder; raises PhrasebookError with file and line."""
    phrases = []
    for path in sorted(folder.glob("*.txt")):
        voice = f"{folder.name}-{path.stem}"
        for number, section, text in read_sections(path):
            if section not in SECTIONS:
                raise PhrasebookError(f"{path.name}:{number}: unknown section [{section}]")
            blanks = BLANK.findall(text)
            if any(blank not in BLANKS for blank in blanks) or text.count("{") != len(blanks):
                raise PhrasebookError(f"{path.name}:{number}: braces hold something unknown")
            phrases.append(Phrase(text, section, voice))
    return phrases


def pools(phrases: Iterable[Phrase], share: float = 1.0) -> dict[str, Pools]:
    """Phrases by split. A text stands in one split only, whatever its sections.

    `share` of the voices (learning curves) may speak in train. The other splits hear all of them
    but the TWIN_VOICES, whose phrases are in training whole.
    """
    phrases = list(phrases)
    shared = [phrase for phrase in phrases if phrase.voice not in TWIN_VOICES]
    split_of = phrase_splits((phrase.text, phrase.section) for phrase in shared)
    kept = first_voices((phrase.voice for phrase in phrases), share)
    others = tuple(sorted({phrase.voice for phrase in shared}))
    sections = {f"twin:{name}" for name in UNSETTLED}
    unsettled = frozenset(phrase.text for phrase in shared if phrase.section in sections)
    found = {
        split: Pools(
            kept if split == "train" else others, defaultdict(list), defaultdict(list), unsettled
        )
        for split in ("train", "validation", "test")
    }
    for phrase in phrases:
        pool = found[split_of.get(phrase.text, "train")]
        if phrase.voice not in pool.voices:
            continue
        pool.by_voice[phrase.voice, phrase.section].append(phrase.text)
        pool.by_section[phrase.section].append(phrase.text)
    return found
