"""Writing the data set."""

import json

import pytest
from datasets import load_dataset

from safelight_training.data.write import read_lines, write, write_real

CHAT = {
    "id": "x", "language": "fr", "label": "grooming", "kind": "k", "twin": "", "family": "f",
    "voice": "v", "split": "train", "corpus": "", "real": False, "is_chat": True,
    "risks": {"grooming": [0, 1], "sextortion": None}, "first_sign": 0, "warn_by": 1,
    "messages": [
        {"sender": "peer", "text": "ça va", "offset_s": 0, "indicators": ["secrecy"], "cues": []},
        {"sender": "self", "text": "", "media": "image", "indicators": [], "cues": ["refusal"]},
    ],
}  # fmt: skip
HARMLESS = {key: value for key, value in CHAT.items() if key not in ("first_sign", "warn_by")} | {
    "split": "test", "label": "none", "risks": {"grooming": None, "sextortion": None},
}  # fmt: skip


def test_lines_and_parquet_give_back_what_was_written(tmp_path):
    assert write([CHAT, HARMLESS], tmp_path) == {"train": 1, "test": 1}
    assert read_lines(tmp_path / "jsonl" / "train.jsonl") == [CHAT]
    files = str(tmp_path / "dataset" / "*.parquet")
    rows = load_dataset("parquet", data_files=files, cache_dir=str(tmp_path / "c"))["train"]
    row = next(row for row in rows if row["split"] == "train")
    assert row["risks"] == CHAT["risks"]
    assert row["messages"][1]["media"] == "image"
    assert row["messages"][1]["offset_s"] is None


def test_the_same_conversations_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write(json.loads(json.dumps([CHAT])), tmp_path / name)
    for file in ("jsonl/train.jsonl", "dataset/train.parquet"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_real_chats_stand_in_a_folder_that_says_it_must_stay_local(tmp_path):
    real = {**CHAT, "real": True}
    with pytest.raises(ValueError, match="real chats"):
        write([real], tmp_path)
    assert write_real([real], tmp_path / "real") == {"train": 1}
    assert read_lines(tmp_path / "real" / "jsonl" / "train.jsonl") == [real]
    assert "not to be redistributed" in (tmp_path / "real" / "LOCAL_ONLY.txt").read_text()
