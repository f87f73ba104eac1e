"""Second labels and the agreement of two readers, on a few chats."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from safelight_training.data import agreement
from safelight_training.data.second_labels import SecondLabelsError, read_labels, sample, sheet


def chat(name: str, *labels: str, language: str = "en", label: str = "none") -> dict[str, object]:
    messages = [
        {"sender": "peer", "text": f"text {i} of {name}", "indicators": [each], "cues": []}
        for i, each in enumerate(labels)
    ]
    answer = {"sender": "self", "text": "", "media": "image", "indicators": [], "cues": ["refusal"]}
    return {"id": name, "language": language, "label": label, "kind": "boat",
            "messages": [*messages, answer]}  # fmt: skip


def test_a_sheet_shows_the_messages_and_no_label() -> None:
    shown = sheet([chat("en-v01-001", "secrecy")])
    assert shown.splitlines() == ["== en-v01-001", "0 > text 0 of en-v01-001", "1 < (image)"]


def test_the_sample_holds_every_label_often_enough_and_both_kinds_of_every_language() -> None:
    chats = [chat(f"en-{i}", "secrecy", label="grooming") for i in range(60)]
    chats += [chat(f"en-x{i}", "hacked_claim", label="sextortion") for i in range(5)]
    chats += [chat(f"fr-{i}", language="fr", label="grooming" if i % 2 else "none")
              for i in range(40)]  # fmt: skip
    picked = sample(chats, wanted=10, least=8)
    assert picked == sample(list(reversed(chats)), wanted=10, least=8)
    assert sum(name.startswith("en-x") for name in picked) == 5
    assert sum(name.startswith("en-") for name in picked) >= 10
    french = [c for c in chats if c["id"] in picked and c["language"] == "fr"]
    assert sum(c["label"] == "none" for c in french) == 4
    assert sum(c["label"] != "none" for c in french) >= 4


def test_labels_are_read_by_place(tmp_path: Path) -> None:
    path = tmp_path / "en.txt"
    path.write_text("# by hand\n== a\n0: secrecy, pressure\n3:\n\n== b\n", "utf-8")
    read = read_labels(path)
    assert read == {"a": {0: frozenset({"secrecy", "pressure"}), 3: frozenset()}, "b": {}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0: secrecy\n", "1: write PLACE"),
        ("== a\nsecrecy\n", "2: write PLACE"),
        ("== a\n0: kindness\n", "2: unknown label kindness"),
        ("== a\n== a\n", "2: a stands twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "en.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(SecondLabelsError, match=f"en.txt:{why}"):
        read_labels(path)


def test_kappa_is_that_of_a_worked_example() -> None:
    """Observed agreement 0.75, expected 0.5: kappa (0.75 - 0.5) / (1 - 0.5)."""
    chats = [chat("a", "secrecy", "secrecy", "pressure", "pressure")]
    found = agreement.measure(chats, {"a": {0: frozenset({"secrecy"})}})
    row = next(row for row in found["labels"] if row["label"] == "secrecy")
    assert row == {"label": "secrecy", "messages": 4, "first_reader": 2, "second_reader": 1,
                   "both": 1, "kappa": 0.5}  # fmt: skip
    assert next(row for row in found["labels"] if row["label"] == "incentive")["kappa"] is None
    cue = next(row for row in found["labels"] if row["label"] == "refusal")
    assert (cue["messages"], cue["second_reader"]) == (1, 0)


@pytest.mark.parametrize("labels", [{"b": {}}, {"a": {9: frozenset({"secrecy"})}}])
def test_labels_of_nothing_are_refused(labels: dict[str, dict[int, frozenset[str]]]) -> None:
    with pytest.raises(SecondLabelsError):
        agreement.measure([chat("a", "secrecy")], labels)


def test_an_old_page_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def arguments(check: bool) -> argparse.Namespace:
        return argparse.Namespace(out=tmp_path, check=check, sheets=None)

    chats = {"en": [chat("a", "secrecy")]}
    monkeypatch.setattr(agreement, "authored_conversations", lambda name: chats.get(name, []))
    monkeypatch.setattr(agreement, "second_labels", lambda: {"a": {0: frozenset({"secrecy"})}})
    assert agreement.run(arguments(False)) == 0
    assert agreement.run(arguments(True)) == 0
    monkeypatch.setattr(agreement, "second_labels", lambda: {"a": {}})
    assert agreement.run(arguments(True)) == 1
    assert "agreement.json is not what the command gives now" in capsys.readouterr().err
