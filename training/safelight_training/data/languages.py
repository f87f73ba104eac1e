"""What is known of a language besides phrases: lists for blanks, chat abbreviations, keys."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from safelight_training.data.phrasebook import BLANKS, PhrasebookError, read_sections

#: The languages in which risks are recognised.
LANGUAGES = ("en", "fr", "de", "it", "ja", "es", "pt")
FOLDER = Path(__file__).parent / "languages"


@cache
def language_lists(language: str, folder: Path = FOLDER) -> dict[str, list[str]]:
    """Lines of `languages/<language>.txt` by section; every blank has a list."""
    path = folder / f"{language}.txt"
    if not path.exists():
        raise PhrasebookError(f"{path.name}: no such file, whose lists fill the blanks of phrases")
    lists: dict[str, list[str]] = defaultdict(list)
    for _, section, line in read_sections(path):
        lists[section].append(line)
    if missing := [blank for blank in BLANKS if not lists[blank]]:
        raise PhrasebookError(f"{path.name}: no list for {{{missing[0]}}}")
    return dict(lists)


def lines_of(section: str, language: str, folder: Path = FOLDER) -> list[str]:
    """Those of one section; none where the language has no file, or its file no such section."""
    if not (folder / f"{language}.txt").exists():
        return []
    return language_lists(language, folder).get(section, [])
