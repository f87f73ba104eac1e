"""A language that somebody adds: its texts are read, and what is missing is said in one line."""

from __future__ import annotations

import shutil
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from safelight_training import recipe
from safelight_training.cli import main
from safelight_training.data import generate
from safelight_training.data.generate import SPLITS, conversations, default_counts, has_texts
from safelight_training.data.languages import language_lists
from safelight_training.data.phrasebook import FOLDER, PhrasebookError

DIALOGUE = """== xx-v01-001
label: none
kind: training
twin: plain
---
> kom je vanavond {}
< ja {}
> om zes uur {}
"""


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Path, Path]:
    """Phrasebooks (one file, English) and dialogues (one) of the language xx, and of no other."""
    phrasebooks, authored = tmp_path / "phrasebooks", tmp_path / "authored"
    for folder in (phrasebooks / "xx", authored / "xx"):
        folder.mkdir(parents=True)
    shutil.copy(FOLDER / "en" / "v01.txt", phrasebooks / "xx" / "v01.txt")
    (authored / "xx" / "v01.txt").write_text(DIALOGUE, "utf-8")
    return phrasebooks, authored


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists of xx are English."""
    monkeypatch.setattr(generate, "language_lists", lambda language: language_lists("en"))


def smoke(folder: Path, *languages: str) -> recipe.Settings:
    return recipe.Settings(folder, smoke=True, more_languages=languages)


@pytest.mark.usefixtures("listed")
def test_training_reads_practice_chats_and_dialogues(
    tmp_path: Path, texts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    books, authored = texts
    monkeypatch.setattr(recipe, "conversations",
                        partial(conversations, phrasebooks=books, authored=authored))  # fmt: skip
    found = recipe.load_data(smoke(tmp_path, "xx")).written
    assert {c["language"] for c in found} == {"xx"}
    assert {c["split"] for c in found if c["family"].startswith("scenario/")} == set(SPLITS)
    assert [c["id"] for c in found if c["family"].startswith("authored/")] == ["xx-v01-001"]
    assert recipe.load_data(smoke(tmp_path)).written == []


@pytest.mark.usefixtures("listed")
def test_an_added_language_has_counts_and_gives_chats_where_it_has_a_phrasebook(
    texts: tuple[Path, Path], tmp_path: Path
) -> None:
    assert default_counts(("xx",)) == {"xx": {"train": 1500, "validation": 200, "test": 200}}
    found = islice(conversations(1, ("xx",), phrasebooks=texts[0], authored=tmp_path), 5)
    assert [c["language"] for c in found] == ["xx"] * 5
    alone = conversations(1, ("xx",), phrasebooks=tmp_path / "none", authored=texts[1])
    assert [c["id"] for c in alone] == ["xx-v01-001"]


def test_texts_are_of_either_kind(texts: tuple[Path, Path], tmp_path: Path) -> None:
    books, authored = texts
    assert has_texts("xx", books, tmp_path) and has_texts("xx", tmp_path, authored)
    assert not has_texts("xx", tmp_path, tmp_path)
    assert has_texts("en") and not has_texts("xx") and not has_texts("")


def test_a_phrasebook_without_its_lists_is_named(
    texts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with pytest.raises(PhrasebookError, match=r"^xx.txt: no such file"):
        language_lists("xx")
    books, authored = texts
    monkeypatch.setattr(recipe, "conversations",
                        partial(conversations, phrasebooks=books, authored=authored))  # fmt: skip
    words = ["recipe", "--smoke", "--work", str(tmp_path / "work"), "--language", "xx"]
    assert main(words) == 3
    assert capsys.readouterr().err.startswith("safelight_training: xx.txt: no such file")
