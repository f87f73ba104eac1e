"""The published form: a folder that other people's tools open."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import yaml
from datasets import load_dataset

from safelight.taxonomy import INDICATORS
from safelight_training.data.generate import authored_conversations
from safelight_training.data.publish import publish
from safelight_training.data.write import write


@pytest.fixture(scope="module")
def made():
    return list(authored_conversations("it"))


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("set")
    write(made, out)
    publish(out / "dataset", made, "9.9.9", 7)
    return out / "dataset"


def test_croissant_validates_without_a_word_and_gives_the_rows(folder, made, caplog):
    import mlcroissant

    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not caplog.records
    assert dataset.metadata.version == "9.9.9"
    rows = list(dataset.records("train"))
    wanted = [chat for chat in made if chat["split"] == "train"]
    assert [row["train/id"].decode() for row in rows] == [chat["id"] for chat in wanted]
    assert sum(row["train/label"] != b"none" for row in rows) == sum(
        chat["label"] != "none" for chat in wanted
    )


def test_a_file_that_was_changed_is_told(folder, tmp_path):
    import mlcroissant

    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "train.parquet").write_bytes((folder / "test.parquet").read_bytes())
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    with pytest.raises(Exception, match=r"train\.parquet"):
        list(dataset.records("train"))


def test_the_card_opens_with_what_hugging_face_reads(folder, made):
    text = (folder / "README.md").read_text("utf-8")
    header = yaml.safe_load(text.split("---\n")[1])
    assert header["license"] == "cc-by-4.0"
    assert header["language"] == ["it"]
    splits = {row["split"]: row["path"] for row in header["configs"][0]["data_files"]}
    assert splits == {s: f"{s}.parquet" for s in ("test", "train", "validation")}
    risky = sum(chat["label"] == "grooming" for chat in made)
    assert f"| it | {risky} |" in text
    assert "{" not in text


def test_datasets_loads_the_folder_by_its_card(folder, made, tmp_path):
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path))
    assert sum(len(rows) for rows in loaded.values()) == len(made)


def test_indicators_stand_beside_it_with_their_sources(folder):
    listed = json.loads((folder / "indicators.json").read_text("utf-8"))["indicators"]
    assert [row["id"] for row in listed] == list(INDICATORS)
    assert all(source["publisher"] for row in listed for source in row["sources"])


def test_the_same_texts_give_the_same_bytes(folder, made, tmp_path):
    write(made, tmp_path)
    publish(tmp_path / "dataset", made, "9.9.9", 7)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "dataset" / path.name).read_bytes()
