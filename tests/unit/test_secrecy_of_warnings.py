"""A peer who asks to switch the warnings off is itself a sign: lines that no training text holds.

`tests/fixtures/secrecy/lines.json` was written apart from the data, six such lines and four
look-alikes in each language.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight import Guard
from safelight_training.data.generate import conversations
from safelight_training.data.near import normalise

LINES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "secrecy" / "lines.json").read_text("utf-8")
)
#: The fewest of the six lines of a language, the share of all lines, and the most look-alikes. Five
#: of six is the aim, which is not reached yet (docs/experiments.md, 13): raise these as models do.
FEWEST, SHARE, MOST = 2, 0.45, 1


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard.load()


def heard(guard: Guard, language: str, kind: str) -> list[str]:
    """The lines in which, each as the first message of a chat, `secrecy` is heard."""
    found = []
    for i, line in enumerate(LINES[language][kind]):
        seen = guard.conversation(f"{language}/{kind}/{i}").observe(sender="peer", text=line)
        if "secrecy" in seen.indicators:
            found.append(line)
    return found


def test_a_peer_who_wants_the_warnings_gone_is_heard(guard: Guard) -> None:
    found = {language: len(heard(guard, language, "asked")) for language in LINES}
    asked = sum(len(kinds["asked"]) for kinds in LINES.values())
    assert min(found.values()) >= FEWEST, found
    assert sum(found.values()) >= SHARE * asked, found


def test_what_only_sounds_alike_is_not(guard: Guard) -> None:
    assert sum(len(heard(guard, language, "look_alike")) for language in LINES) <= MOST


def test_no_line_of_the_test_stands_in_the_data() -> None:
    mine = {normalise(line) for kinds in LINES.values() for lines in kinds.values()
            for line in lines}  # fmt: skip
    said = {normalise(m["text"]) for c in conversations() for m in c["messages"]}
    assert mine.isdisjoint(said)
