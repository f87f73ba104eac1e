"""The content policy held against texts."""

import pytest

from safelight_training.data import policy_scan
from safelight_training.data.policy_scan import Finding, problems, scan, word_hash

PHONE, ADDRESS = "phone number outside the reserved ranges", "address outside the reserved domains"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call 202-555-0143 tonight", []),
        ("ring 07700 900123", []),
        ("ring +44 7700 900123", []),
        ("mon numéro 06 39 98 12 34", []),
        ("Childline is 0800 1111", []),
        ("ring 07700 800123", [PHONE]),
        ("appelle le 06 12 34 56 78", [PHONE]),
        ("it costs 10 000 or 12.50", []),
        ("write to kit@example.org", []),
        ("write to kit@mail.example.com", []),
        ("write to kit@somewhere.net", [ADDRESS]),
        ("see https://example.com/page", []),
        ("see www.notexample.com", [ADDRESS]),
    ],
)
def test_numbers_and_addresses(text, found):
    assert problems(text, "en") == found


def test_a_forbidden_word_is_found_in_its_language_alone(monkeypatch):
    listed = {"en": frozenset([word_hash("gâteau")]), "fr": frozenset()}
    monkeypatch.setattr(policy_scan, "banned", listed.__getitem__)
    assert problems("the GATEAU!", "en") == ["forbidden word"]
    assert problems("le gâteau", "fr") == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_are_listed_as_hashes_only(language):
    rows = policy_scan.banned(language)
    assert len(rows) > 20
    assert all(len(row) == 16 and int(row, 16) >= 0 for row in rows)


def test_a_finding_names_the_place_and_not_the_text(tmp_path):
    folder = tmp_path / "authored" / "en"
    folder.mkdir(parents=True)
    (folder / "v01.txt").write_text("fine\nmail me at kit@somewhere.net\n", encoding="utf-8")
    assert list(scan(tmp_path)) == [Finding("authored/en/v01.txt", 2, ADDRESS)]


def test_all_text_sources_keep_the_policy():
    assert list(scan()) == []
