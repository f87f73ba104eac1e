"""Paired chats: one text, two versions that differ only in the marks of a group.

    == fair-en-lgbtq-001
    label: none
    twin: hard
    group: lgbtq
    ---
    > is [he|she] coming on saturday
    < yes, my [boyfriend|girlfriend] is bringing cake

The first words in brackets are the reference, the second those of the group; all else is the format
of whole dialogues (`data/authored_format.py`), with marks in risky chats and no labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight_training.data.authored_format import AuthoredError, parse_dialogues

FOLDER = Path(__file__).parents[1] / "fairness"
GROUPS = (
    "lgbtq", "couple", "help_seeking", "sex_ed", "banter", "non_native", "dialect", "direct",
    "formal",
)  # fmt: skip
BRACKET = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
GROUP = re.compile(r"^group:\s*(\w+)\s*$")


@dataclass(frozen=True)
class Pair:
    """The same chat for two groups of people; both are conversations (`formats.md`)."""

    group: str
    reference: dict[str, Any]
    changed: dict[str, Any]

    @property
    def risky(self) -> bool:
        return bool(self.reference["label"] != "none")


def read_pairs(folder: Path = FOLDER) -> list[Pair]:
    """Pairs of all files, by language; raises AuthoredError with file and line."""
    return [pair for path in sorted(folder.glob("*.txt")) for pair in _read(path)]


def _read(path: Path) -> Iterator[Pair]:
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        left = BRACKET.sub("", line)
        if "[" in left or "]" in left:
            raise AuthoredError(f"{path.name}:{number}: brackets hold two versions: [one|other]")
        if (group := GROUP.match(line)) and group[1] not in GROUPS:
            raise AuthoredError(f"{path.name}:{number}: unknown group {group[1]}")
    # A file of pairs lies in no folder of its language: the place of a dialogue file tells it.
    place = path.parent / path.stem / path.name
    one, other = (parse_dialogues(place, list(_version(lines, side))) for side in (1, 2))
    for reference, changed in zip(one, other, strict=True):
        yield Pair(reference["kind"], reference, changed)


def _version(lines: list[str], side: int) -> Iterator[str]:
    """The lines of one version; the group stands where a dialogue has its kind."""
    for line in lines:
        group = GROUP.match(line)
        yield f"kind: {group[1]}" if group else BRACKET.sub(lambda found: found[side], line)
