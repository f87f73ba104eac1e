"""The command that writes the data set."""

import argparse
import json

import pytest

from safelight_training.data import generate_command
from safelight_training.data.policy_scan import Finding


def arguments(*words):
    parser = argparse.ArgumentParser()
    generate_command.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_writes_and_counts(tmp_path, capsys, monkeypatch, language):
    monkeypatch.setattr(generate_command, "scan", lambda: [])
    words = ("--out", str(tmp_path), "--languages", language, "--scale", "0.01", "--no-audit")
    assert generate_command.run(arguments(*words)) == 0
    lines = (tmp_path / "jsonl" / "train.jsonl").read_text("utf-8").splitlines()
    assert f"train: {len(lines)} conversations" in capsys.readouterr().out
    assert {json.loads(line)["language"] for line in lines} == {language}


@pytest.mark.parametrize("languages", ["nl", "en,nl", "en,"])
def test_a_language_without_texts_is_refused_in_one_line(tmp_path, capsys, languages):
    assert generate_command.run(arguments("--out", str(tmp_path), "--languages", languages)) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "neither a phrasebook nor dialogues" in said
    assert not list(tmp_path.iterdir())


def test_a_text_that_breaks_the_policy_stops_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(generate_command, "scan", lambda: [Finding("a.txt", 3, "forbidden word")])
    assert generate_command.run(arguments("--out", str(tmp_path / "out"))) == 2
    assert capsys.readouterr().err == "a.txt:3: forbidden word\n"
    assert not (tmp_path / "out").exists()
