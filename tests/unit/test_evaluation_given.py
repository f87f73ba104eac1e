"""Conversations of others: JSON lines and the schema of PAN12, on harmless lines written here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from safelight_training import own_data
from safelight_training.cli import main
from safelight_training.corpora.reader import CorpusError
from safelight_training.evaluation import lab
from safelight_training.evaluation.given import json_lines, pan12, report
from safelight_training.evaluation.metrics import NEVER
from safelight_training.evaluation.subject import read_subject
from safelight_training.evaluation.sweep import suites

LINES = [{"sender": "peer", "text": "hello"}, {"sender": "self", "text": "hi"}]
GOOD = {"id": "a", "language": "en", "label": "grooming", "first_sign": 0, "warn_by": 1,
        "messages": LINES}  # fmt: skip
RISKS_WRONG = "risks holds something else than grooming and sextortion"
ARC_WRONG = "risks: an arc is not two places in the chat, in order"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, ""),
        ({"label": "none", "first_sign": None, "warn_by": None}, ""),
        ({"first_sign": None, "warn_by": None}, ""),
        ({"label": "spam"}, "label is none of grooming, sextortion, none"),
        ({"messages": []}, "no messages"),
        ({"messages": ["x"]}, "message 0: not an object"),
        ({"messages": [{"text": "x"}]}, "message 0: no sender"),
        ({"messages": [{"sender": "peer", "text": 5}]}, "message 0: the text is not a text"),
        ({"messages": [{"sender": "peer", "text": "x", "offset_s": "now"}]},
         "message 0: offset_s is not a number"),
        ({"messages": [{"sender": "peer", "offset_s": float("inf")}]},
         "message 0: offset_s is not a number"),
        ({"messages": [{"sender": "peer", "media": "smell"}]}, "message 0: unknown media"),
        ({"language": 7}, "language is not a text"),
        ({"language": None}, ""),
        ({"family": ["x"]}, "family is not a text"),
        ({"messages": [{"sender": "peer", "text": "x", "indicators": ["bad"]}]},
         "message 0: indicators holds an unknown label"),
        ({"first_sign": 1, "warn_by": 0},
         "first_sign and warn_by are not two places in the chat, in order"),
        ({"warn_by": 7}, "first_sign and warn_by are not two places in the chat, in order"),
        ({"first_sign": True}, "first_sign and warn_by are not two places in the chat, in order"),
        ({"risks": {"grooming": [0, 1], "sextortion": None}}, ""),
        ({"risks": None}, ""),
        ({"risks": {"groming": [0, 1]}}, RISKS_WRONG),
        ({"risks": [0, 1]}, RISKS_WRONG),
        ({"risks": {"grooming": ["0", "1"]}}, ARC_WRONG),
        ({"risks": {"grooming": [0, 2]}}, ARC_WRONG),
        ({"risks": {"grooming": [1, 0]}}, ARC_WRONG),
        ({"risks": {"grooming": [0]}}, ARC_WRONG),
        ({"risks": {"grooming": {"first": 0}}}, ARC_WRONG),
        ({"label": "none", "risks": {"grooming": [0, 1]}}, "label is none and risks are not"),
        ({"messages": [{**LINES[0], "unsure": ["bad"]}, LINES[1]]},
         "message 0: unsure holds an unknown label"),
        ({"messages": [{**LINES[0], "unsure": None}, LINES[1]]}, ""),
    ],
)  # fmt: skip
def test_a_line_is_used_or_named(change: dict, problem: str) -> None:
    chat, said = json_lines.parse(json.dumps({**GOOD, **change}), "f/1")
    assert said == problem and (chat is None) == bool(problem)


def test_a_folder_loses_nothing_that_can_be_read(tmp_path: Path) -> None:
    secret = '{"label": "none", "messages": "SECRET"}'
    (tmp_path / "one.jsonl").write_text(f"{json.dumps(GOOD)}\n\n{secret}\n[1]\nnonsense\n", "utf-8")
    inner = tmp_path / "more"
    inner.mkdir()
    (inner / "two.jsonl.gz").write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(json.dumps(GOOD).encode())[:-9])
    said: list[str] = []
    found = json_lines.read_folder(tmp_path, said.append)
    assert [chat["id"] for chat in found] == ["a", "a"]
    assert found[0]["family"] == "a" and found[0]["twin"] == ""
    assert said == ["cut.jsonl.gz: cannot be read to its end", "one.jsonl:3: no messages",
                    "one.jsonl:4: not a JSON object", "one.jsonl:5: not JSON"]  # fmt: skip


def test_an_empty_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no labelled conversation \(\*.jsonl\) could be read"):
        json_lines.read_folder(tmp_path)


CHATS = {
    "c1": [("ann", "23:58", "the bus is late"), ("bob", "23:59", "again"), ("ann", "00:01", "yes")],
    "c2": [("bob", "10:00", "match at 5"), ("cy", "10:01", "in")],
    "c3": [("dee", "09:00", "homework?"), ("eve", "09:05", "page 12")],
    "c4": [("fay", "09:00", "anyone there")],
    "c5": [("gus", "soon", "tea?"), ("hal", "9:00", "please")],
}


def folder(tmp_path: Path, chats: dict = CHATS, predators: str = "ann\ngus\n") -> Path:
    lines = []
    for name, messages in chats.items():
        rows = "".join(
            f'<message line="{i}"><author>{who}</author><time>{when}</time><text>{text}</text>'
            "</message>"
            for i, (who, when, text) in enumerate(messages, 1)
        )
        lines.append(f'<conversation id="{name}">{rows}</conversation>')
    xml = f"<?xml version='1.0' encoding='UTF-8'?><conversations>{''.join(lines)}</conversations>"
    (tmp_path / "corpus.xml").write_text(xml, "utf-8")
    (tmp_path / "corpus-predators.txt").write_text(predators, "utf-8")
    (tmp_path / "corpus-diff.txt").write_text("ignored", "utf-8")
    return tmp_path


def test_pan12_both_ways_round(tmp_path: Path) -> None:
    pan = pan12.read_folder(folder(tmp_path))
    assert [chat["id"] for chat in pan.chats] == [
        "c1/ann", "c2/bob", "c2/cy", "c3/dee", "c3/eve", "c5/gus"]  # fmt: skip
    first = pan.chats[0]
    assert first["label"] == "grooming" and pan.chats[1]["label"] == "none"
    assert pan.authors == {"ann", "bob", "cy", "dee", "eve", "fay", "gus", "hal"}
    assert [m["sender"] for m in first["messages"]] == ["peer", "self", "peer"]
    assert [m["offset_s"] for m in first["messages"]] == [0, 60, 180]  # past midnight
    assert all("offset_s" not in m for m in pan.chats[5]["messages"])  # a time that is none


def test_pan12_splits_share_no_author(tmp_path: Path) -> None:
    many = {f"c{i}": [(f"a{i // 2}", "9:00", "hi"), (f"b{i}", "9:01", "hi")] for i in range(60)}
    pan = pan12.read_folder(folder(tmp_path, many))
    parts = pan12.disjoint(pan.chats, (3, 1, 1))
    assert sum(map(len, parts)) == len(pan.chats) and all(parts)
    authors = [{a for chat in part for a in chat["authors"]} for part in parts]
    assert not authors[0] & authors[1] | authors[0] & authors[2] | authors[1] & authors[2]
    again = pan12.disjoint(pan.chats[::-1], (3, 1, 1))
    assert [{c["id"] for c in p} for p in again] == [{c["id"] for c in p} for p in parts]


def test_pan12_later_chats_know_no_earlier_author(tmp_path: Path) -> None:
    pan = pan12.read_folder(folder(tmp_path))
    early, late = pan12.in_order(pan.chats, 0.25)
    assert {chat["family"] for chat in early} == {"c1"}
    assert {chat["family"] for chat in late} == {"c3", "c5"}  # c2 shares bob


def test_pan12_author_scores_by_hand(tmp_path: Path) -> None:
    """Of the eight authors ann and gus are predators; ann and bob are named."""
    pan = pan12.read_folder(folder(tmp_path))
    first = np.array([2, 0, NEVER, NEVER, NEVER, NEVER])
    found = pan12.author_scores(pan.chats, first, pan.predators, pan.authors)
    assert (found["authors"], found["predators"], found["named"]) == (8, 2, 2)
    assert (found["precision"], found["recall"], found["f1"], found["f05"]) == (0.5,) * 4
    alone = pan12.author_scores(pan.chats, first, {"ann", "fay"}, pan.authors)
    assert (alone["predators"], alone["recall"]) == (2, 0.5)  # fay talks to nobody: a miss


def test_pan12_reads_the_list_of_its_test_part(tmp_path: Path) -> None:
    folder(tmp_path)
    prefix = "pan12-sexual-predator-identification"
    (tmp_path / "corpus-predators.txt").rename(tmp_path / f"{prefix}-groundtruth-problem1.txt")
    (tmp_path / f"{prefix}-groundtruth-problem2.txt").write_text("c1 1\n", "utf-8")
    assert pan12.read_folder(tmp_path).predators == {"ann", "gus"}


def test_two_ways_round_are_one_conversation(tmp_path: Path) -> None:
    pan = pan12.read_folder(folder(tmp_path))
    found = lab.Warnings(pan.chats, np.array([0.9, 0.1, 0.2, 0.1, 0.1, 0.1]),
                         np.array([1, NEVER, 0, NEVER, NEVER, NEVER]))  # fmt: skip
    merged = report.one_way(found)
    assert [c["family"] for c in merged.chats] == ["c1", "c2", "c3", "c5"]
    assert merged.loudest.tolist() == [0.9, 0.2, 0.1, 0.1]
    assert merged.first.tolist() == [1, 0, NEVER, NEVER]


@pytest.mark.parametrize("broken", ["<conversations><conversation>", "plain text"])
def test_pan12_that_is_no_xml_is_named_by_its_line(tmp_path: Path, broken: str) -> None:
    folder(tmp_path)
    (tmp_path / "corpus.xml").write_text(broken, "utf-8")
    with pytest.raises(CorpusError, match=r"^corpus.xml:1: not well-formed XML$"):
        pan12.read_folder(tmp_path)


def test_chats_without_marks_are_asked_only_whether_they_were_warned(tmp_path: Path) -> None:
    pan = pan12.read_folder(folder(tmp_path))
    found = lab.Warnings(pan.chats, np.ones(6), np.array([2] + [NEVER] * 5))
    row = lab.helped(found)
    assert row["n"] == 2 and row["recall"] is None and row["warned"]["share"] == 0.5


@pytest.fixture
def subject(tiny_bundle: Path) -> Any:
    return read_subject(tiny_bundle)


def test_given_json_lines_are_measured(tmp_path: Path, subject: Any) -> None:
    calm = {**GOOD, "id": "b", "label": "none", "first_sign": None, "warn_by": None}
    (tmp_path / "x.jsonl").write_text(f"{json.dumps(GOOD)}\n{json.dumps(calm)}\n", "utf-8")
    found = report.of_folder(subject, tmp_path)
    assert [row["language"] for row in found["languages"]] == ["en", "all"]
    assert found["languages"][-1]["risky"]["n"] == found["languages"][-1]["harmless"]["n"] == 1
    page = report.render(found)
    assert "hello" not in page and subject.digest in page


def test_only_the_chats_that_training_held_out(tmp_path: Path, subject: Any) -> None:
    messages = [{**line, "indicators": []} for line in LINES]
    ready = {**GOOD, "risks": {"grooming": [0, 1]}, "messages": messages}
    rows = [{**ready, "id": f"{i}", "voice": f"v{i}"} for i in range(40)]
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    held_out = sum(chat["split"] == "test" for chat in own_data.read([path], ("en",)))
    found = report.of_folder(subject, path, "test")
    assert 0 < found["languages"][-1]["risky"]["n"] == held_out < 40
    assert "to the split `test`" in report.render(found)
    assert report.of_folder(subject, path)["languages"][-1]["risky"]["n"] == 40
    swept = suites.load(suites.GIVEN, subject, suites.Sources(data=path, split="test"))
    assert len(swept) == held_out


@pytest.mark.parametrize("command", ["evaluate {}", "sweep m={} --out nowhere"])
def test_a_split_is_of_given_chats_alone(
    tiny_bundle: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([*command.format(tiny_bundle).split(), "--split", "test"]) == 3
    assert capsys.readouterr().err == "safelight_training: --split needs --data\n"


def test_given_pan12_is_measured(tmp_path: Path, subject: Any) -> None:
    found = report.of_pan12(subject, folder(tmp_path))
    assert found["authors"][0]["part"] == "all"
    assert found["authors"][0]["authors"] == 8
    assert found["languages"][-1]["risky"]["recall"] is None
    page = report.render(found)
    assert "F0.5" in page and "bus" not in page and "ann" not in page.split()
