"""The judging chats: read as they are written, and apart from all that trains."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from safelight_training.base import LANGUAGES
from safelight_training.data.generate import authored_conversations
from safelight_training.data.independent import FOLDER, independent, shared
from safelight_training.data.phrasebook import FOLDER as PHRASEBOOKS
from safelight_training.data.phrasebook import read_language
from safelight_training.data.policy_scan import problems

CHAT = """== en-x01-001
label: grooming
kind: boat
---
> hello
< hi
> come to the harbour on your own tonight and say nothing {first, warn}
"""


def test_a_chat_is_read_with_its_marks(tmp_path: Path) -> None:
    (tmp_path / "dev" / "en").mkdir(parents=True)
    (tmp_path / "dev" / "en" / "x01.txt").write_text(CHAT, "utf-8")
    (chat,) = independent("dev", tmp_path)
    assert (chat["family"], chat["voice"], chat["language"]) == (
        "independent/en-x01-001", "en-x01", "en",
    )  # fmt: skip
    assert (chat["first_sign"], chat["warn_by"]) == (2, 2)


@pytest.mark.parametrize(
    ("why", "texts", "expected"),
    [
        ("the same", ["come to the harbour on your own tonight and say nothing"], ["c/0"]),
        ("one word off", ["Come to the harbour on your own tonight and say little!"], ["c/0"]),
        ("another", ["leave the harbour on your own tonight, take the bus and call me"], []),
        ("short ones are anybody's", ["see you tomorrow then"], []),
        (
            "no spaces, the same",
            ["あしたのほうかごにとしょかんでいっしょにべんきょうしない"],
            ["c/2"],
        ),
    ],
)
def test_shared(why: str, texts: list[str], expected: list[str]) -> None:
    lines = (
        "come to the harbour on your own tonight and say nothing",
        "see you tomorrow then",
        "あしたのほうかごにとしょかんでいっしょにべんきょうしない",
    )
    chat = {"id": "c", "messages": [{"text": text} for text in lines]}
    assert shared([chat], texts) == expected, why


def test_no_text_of_training_stands_in_them() -> None:
    training = [
        message["text"]
        for language in LANGUAGES
        for chat in authored_conversations(language)
        for message in chat["messages"]
    ]
    training += [
        phrase.text for language in LANGUAGES for phrase in read_language(PHRASEBOOKS / language)
    ]
    assert shared(independent("dev"), training) == []


def test_they_keep_the_policy_and_carry_no_labels() -> None:
    chats = independent("dev")
    assert len(chats) >= 100
    for chat in chats:
        for message in chat["messages"]:
            assert not problems(message["text"], chat["language"]), chat["id"]
            assert message["indicators"] == message["cues"] == [], chat["id"]


def test_the_test_half_is_as_it_was_frozen() -> None:
    folder = FOLDER / "test"
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    frozen = dict(reversed(line.split("  ", 1)) for line in lines)
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*/*.txt")
    }
    assert found == frozen
    voices = {path.parent.name + path.stem for path in (FOLDER / "dev").glob("*/*.txt")}
    assert not voices & {name.replace("/", "").removesuffix(".txt") for name in frozen}


def test_training_never_reads_them() -> None:
    """Only the audit, the evaluation and what decides of a gate may name the folder."""
    package = FOLDER.parent
    named = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if "independent" in path.read_text("utf-8")
    }
    assert named == {
        "ablate.py", "cli.py", "data/audit_command.py", "data/independent.py",
        "evaluation/independent.py", "evaluation/deletion.py",
        "evaluation/compare.py", "evaluation/final.py", "evaluation/goals.py",
        "evaluation/peers.py", "evaluation/report.py",
        "evaluation/sweep/command.py", "evaluation/sweep/suites.py", "operating_point.py",
    }  # fmt: skip


def test_one_command_alone_reads_the_half_that_was_kept_shut() -> None:
    package = FOLDER.parent
    halves = {
        path.name: half
        for path in package.rglob("*.py")
        for half in re.findall(r'^HALF = "(\w+)"', path.read_text("utf-8"), re.MULTILINE)
    }
    assert halves == {"final.py": "test", "independent.py": "dev", "report.py": "dev",
                      "deletion.py": "dev"}  # fmt: skip
