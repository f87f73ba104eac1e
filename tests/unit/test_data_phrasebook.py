"""Reading phrasebooks."""

import pytest

from safelight_training.data.languages import language_lists
from safelight_training.data.phrasebook import (
    FOLDER,
    Phrase,
    PhrasebookError,
    pools,
    read_language,
)


def book(tmp_path, text):
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "v01.txt").write_text(text, encoding="utf-8")
    return folder


def test_sections_comments_and_voice(tmp_path):
    folder = book(tmp_path, "# about\n[self:ok]\nsure\n\n# more\n[film>]\nseen {game} yet\n")
    assert read_language(folder) == [
        Phrase("sure", "self:ok", "en-v01"),
        Phrase("seen {game} yet", "film>", "en-v01"),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("hello\n", "v01.txt:1"),
        ("[self:ok]\nyes\n[no such section]\nx\n", "v01.txt:4"),
        ("[self:ok]\nyes {nobody}\n", "v01.txt:2"),
        ("[self:ok]\nyes {name\n", "v01.txt:2"),
    ],
)
def test_errors_name_file_and_line_and_no_text(tmp_path, text, where):
    with pytest.raises(PhrasebookError) as error:
        read_language(book(tmp_path, text))
    assert where in str(error.value)
    assert "yes" not in str(error.value)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_phrase_stands_in_two_splits(language):
    found = pools(read_language(FOLDER / language))
    texts = [{t for pool in p.by_section.values() for t in pool} for p in found.values()]
    assert sum(map(len, texts)) == len(set.union(*texts)) > 0


def test_a_language_without_a_list_for_a_blank_is_refused(tmp_path):
    (tmp_path / "xx.txt").write_text("[name]\nAda\n", encoding="utf-8")
    with pytest.raises(PhrasebookError, match="place"):
        language_lists("xx", tmp_path)
