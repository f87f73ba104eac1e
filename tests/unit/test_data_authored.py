"""The text format of whole dialogues: what a line becomes, and what is refused, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from safelight_training.data.authored_format import AuthoredError, read_dialogues
from safelight_training.data.generate import AUTHORED

DIALOGUE = """== en-v99-001
label: sextortion   # the main harm
also: grooming
kind: photo_club
---
> hey
< hi {}
+2h
@sam> (image) our dog
> keep this between us {first, second, secrecy}
< im 14 {minor_disclosure}
> send a photo or i tell everyone {warn, image_request, share_threat}
> ok never mind {end}
< bye
"""


def read(tmp_path: Path, text: str) -> list[dict]:
    path = tmp_path / "en" / "v99.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return read_dialogues(path)


def test_a_dialogue_becomes_a_labelled_conversation(tmp_path: Path) -> None:
    (found,) = read(tmp_path, DIALOGUE)
    assert [m["sender"] for m in found["messages"]] == [
        "peer", "self", "sam", "peer", "self", "peer", "peer", "self",
    ]  # fmt: skip
    assert (found["label"], found["kind"], found["voice"]) == ("sextortion", "photo_club", "en-v99")
    assert found["risks"] == {"grooming": [3, 6], "sextortion": [3, 6]}
    assert (found["first_sign"], found["warn_by"]) == (3, 5)
    assert found["messages"][2]["media"] == "image"
    assert found["messages"][2]["text"] == "our dog"
    assert found["messages"][2]["offset_s"] - found["messages"][1]["offset_s"] == 7200
    assert found["messages"][5]["indicators"] == ["image_request", "share_threat"]
    assert found["messages"][4]["cues"] == ["minor_disclosure"]


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("> hey\n", "hey\n", 6, "starts with"),
        ("< hi {}", "< hi {secrecy}", 7, "does not belong"),
        ("{warn, image_request, share_threat}", "{image_request}", 1, "marks"),
        ("{end}", "{first}", 13, "stands twice"),
        ("label: sextortion", "label: scam", 1, "label must be"),
        ("also: grooming", "also: sextortion", 1, "the other risk"),
        ("---\n", "", 1, "no --- line"),
        ("> ok never mind {end}", "> {end}", 13, "empty message"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, old: str, new: str, line: int, why: str) -> None:
    assert old in DIALOGUE
    with pytest.raises(AuthoredError, match=rf"v99.txt:{line}: .*{why}"):
        read(tmp_path, DIALOGUE.replace(old, new))


def test_an_id_may_stand_once(tmp_path: Path) -> None:
    with pytest.raises(AuthoredError, match="twice"):
        read(tmp_path, DIALOGUE * 2)


@pytest.mark.parametrize(("language", "least"), [("en", 120), ("fr", 40)])
def test_the_shipped_dialogues(language: str, least: int) -> None:
    found = [d for p in (AUTHORED / language).glob("*.txt") for d in read_dialogues(p)]
    hard = [d for d in found if d["twin"] == "hard"]
    risky = [d for d in found if d["label"] != "none"]
    assert len(found) >= least
    assert len(hard) >= 0.75 * len(risky)
    assert len({d["id"] for d in found}) == len(found)
