"""Real chats: registry, reading, both ways round, splits."""

import gzip
import json

import pytest

from safelight_training.corpora import (
    SOURCES,
    CorpusError,
    read_corpus,
    real_conversations,
    sources_in,
)
from safelight_training.data.splits import CORPUS_SHARES


def corpus(folder, name, rows):
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        for row in rows:
            file.write((row if isinstance(row, str) else json.dumps(row)) + "\n")


def dialogue(name, number, senders="abab"):
    messages = [{"sender": s, "text": f"line {i}"} for i, s in enumerate(senders)]
    return {"id": f"{name}:{number}", "language": "en", "messages": messages}


def test_every_source_says_where_it_comes_from():
    for name, source in SOURCES.items():
        assert source.name == name
        assert source.url.startswith("https://")
        assert source.licence
        assert source.attribution
    single = {name for name, source in SOURCES.items() if not source.is_chat}
    assert all(name.startswith(("sms_spam_", "chatterbot_")) for name in single)


def test_both_ways_round(tmp_path):
    corpus(tmp_path, "casino", [dialogue("casino", 1, "abca")])
    first, second = real_conversations(tmp_path, ("en",))
    assert [m["sender"] for m in first["messages"]] == ["self", "peer", "c", "self"]
    assert [m["sender"] for m in second["messages"]] == ["peer", "self", "c", "peer"]
    assert first["split"] == second["split"]
    assert first["label"] == "none"
    assert first["real"] is True
    assert "indicators" not in first["messages"][0]


def test_relations_stay_in_one_split(tmp_path):
    for name in ("xpersona_en", "xpersona_fr"):
        corpus(tmp_path, name, [dialogue(name, f"test-{i}") for i in range(40)])
    splits = {}
    for chat in real_conversations(tmp_path, ("en", "fr")):
        splits.setdefault(chat["id"].split(":")[1].split("/")[0], set()).add(chat["split"])
    assert len(splits) == 40
    assert all(len(found) == 1 for found in splits.values())
    assert set.union(*splits.values()) <= set(CORPUS_SHARES)


def test_half_get_times_and_a_split_can_be_asked_for(tmp_path):
    corpus(tmp_path, "casino", [dialogue("casino", i) for i in range(100)])
    chats = list(real_conversations(tmp_path, ("en",), splits=("train",)))
    assert {chat["split"] for chat in chats} == {"train"}
    timed = sum("offset_s" in chat["messages"][0] for chat in chats)
    assert 0.3 < timed / len(chats) < 0.7
    assert chats == list(real_conversations(tmp_path, ("en",), splits=("train",)))


def test_bad_lines_are_named_and_the_rest_is_read(tmp_path):
    bad = ["{", {"id": "x"}, {"id": "x", "messages": []}, {"messages": [{}]},
           {"id": "x", "messages": [{"sender": "a"}]}, {"id": "x", "messages": [3]}]  # fmt: skip
    corpus(tmp_path, "casino", [*bad, dialogue("casino", 7)])
    said = []
    rows = list(read_corpus(tmp_path / "casino.jsonl.gz", said.append))
    assert [row["id"] for row in rows] == ["casino:7"]
    assert [line.split(": ")[0] for line in said] == [f"casino.jsonl.gz:{i}" for i in range(1, 7)]


@pytest.mark.parametrize(
    ("why", "spoil"),
    [
        ("cut short", lambda packed: packed[:-20]),
        ("not packed", lambda packed: b"plain text"),
        ("of other letters", lambda packed: gzip.compress(b"\xff\xfe\n")),
        ("damaged", lambda packed: packed[:100] + b"\xff" * 50 + packed[150:]),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_is_named(tmp_path, why, spoil):
    corpus(tmp_path, "casino", [dialogue("casino", i) for i in range(50)])
    path = tmp_path / "casino.jsonl.gz"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(CorpusError, match=r"^casino\.jsonl\.gz: cannot be read to its end$"):
        list(read_corpus(path, lambda line: None))


@pytest.mark.parametrize("name", ["unheard_of", "dailydialog"])
def test_a_corpus_that_is_not_registered_is_refused(tmp_path, name):
    corpus(tmp_path, name, [dialogue(name, 1)])
    with pytest.raises(CorpusError, match="registry"):
        sources_in(tmp_path, ("en",))


def test_a_folder_without_the_language_is_refused(tmp_path):
    corpus(tmp_path, "casino", [dialogue("casino", 1)])
    with pytest.raises(CorpusError, match="fr"):
        sources_in(tmp_path, ("fr",))
