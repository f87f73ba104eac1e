"""`safelight scan` against a tiny real bundle, in process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from exports import EXPORTS
from safelight import Guard
from safelight.cli import main
from safelight.cli.json_report import rounded
from safelight.cli.terminal import safe

SECRET = "private words of a person"


@pytest.fixture
def options(tiny_bundle: Path) -> list[str]:
    return ["--bundle", str(tiny_bundle), "--allow-unsigned"]


def conversation(*texts: str, name: str = "c1") -> str:
    """Planted words of the tiny bundle raise its level; "self" answers every message."""
    rows: list[dict[str, Any]] = []
    for index, text in enumerate(texts):
        rows.append({"sender": "Kim", "text": f"{SECRET} {text}", "offset_s": index * 60})
        rows.append({"sender": "self", "text": "hello", "offset_s": index * 60 + 30})
    return json.dumps({"id": name, "messages": rows}) + "\n"


RISING = ("how are you", "keep", "picture", "picture", "everyone", "coins")


class _Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(_Pipe(data), encoding="utf-8"))


def test_json_output(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(conversation(*RISING) + conversation("the match was good", name="c2"))
    assert main(["scan", str(path), "--json", *options]) == 0
    out, err = capsys.readouterr()
    first, second = (json.loads(line) for line in out.splitlines())
    assert err == ""
    assert SECRET not in out
    assert list(first) == ["id", "messages", "first_notice", "first_warning", "first_urgent"]
    assert [row["index"] for row in first["messages"]] == list(range(12))
    assert set(first["messages"][0]) == {"index", "level", "risks", "indicators"}
    assert set(first["messages"][0]["risks"]) == {"grooming", "sextortion"}
    levels = [row["level"] for row in first["messages"]]
    for key, level in (("first_notice", "notice"), ("first_warning", "warning"),
                       ("first_urgent", "urgent")):  # fmt: skip
        order = ["none", "notice", "warning", "urgent"]
        reached = [order.index(each) >= order.index(level) for each in levels]
        assert first[key] == reached.index(True)
    assert "secrecy" in first["messages"][2]["indicators"]
    assert (second["id"], second["first_notice"]) == ("c2", None)


@pytest.mark.parametrize("rounds", [1, 8, 16, 17])
def test_long_chats_are_whole_and_as_observed(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str], rounds: int
) -> None:
    """Chats of 4 messages a round: fewer, once and twice as many as are read at once, and more."""
    path, texts = tmp_path / "chats.jsonl", ("keep", "hello") * rounds
    path.write_text(conversation(*texts) + conversation(*RISING, name="c2"))
    assert main(["scan", str(path), "--json", *options]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [row["index"] for row in first["messages"]] == list(range(4 * rounds))
    chat = Guard.load(options[1], allow_unsigned=True).conversation("c1")
    told = json.loads(conversation(*texts))["messages"]
    for line, row in zip(told, first["messages"], strict=True):
        sent_at = datetime.fromtimestamp(line["offset_s"], timezone.utc)
        seen = chat.observe(sender=line["sender"], text=line["text"], sent_at=sent_at)
        assert (row["level"], row["risks"]) == (seen.level.label, rounded(seen.risks))
    assert len(second["messages"]) == 12


def test_timeline(tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(conversation(*RISING))
    assert main(["scan", str(path), "--country", "AA", *options]) == 0
    out = capsys.readouterr().out
    assert SECRET not in out
    for expected in ("→ ■ Urgent", "+0:0", "Kim", "name of secrecy", "→ Action", "get help",
                     "12 messages. Highest level: ■ Urgent, from message",
                     "can be wrong"):  # fmt: skip
        assert expected in out
    assert "Title" in out
    assert 1 <= out.count("get help") <= 2  # at the first warning and at the first urgent


def test_an_adult_may_ask_for_words_for_adults(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(conversation(*RISING))
    for more, shown in ([], False), (["--audience", "adult"], True):
        assert main(["scan", str(path), *more, *options]) == 0
        assert ("Adult title" in capsys.readouterr().out) is shown


def test_text_appears_only_when_asked_for(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(conversation(*RISING))
    assert main(["scan", str(path), "--show-text", *options]) == 0
    assert SECRET in capsys.readouterr().out
    assert main(["scan", str(path), "--show-text", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["messages"][0]["text"].startswith(SECRET)


def test_nobody_steers_the_terminal() -> None:
    assert safe("Mia\x1b[2J\u202e\x07") == "Mia\ufffd[2J\ufffd\ufffd"


@pytest.mark.parametrize(
    ("name", "owner", "levels"),
    [
        ("android_de.txt", "Jule", 4),
        ("android_de.txt", "jule", 4),
        ("telegram_chat.json", "Robin", 9),
        ("telegram_chat.json", "user222", 9),
        ("telegram_account.json", None, 9),
        ("conversations.jsonl", None, 3),
        ("signal_cli_receive.jsonl", None, 9),
        ("sms_mms.xml", None, 6),
        ("element_chat.json", None, 12),
        ("instagram_message.json", "max müller", 9),
        ("instagram_bom.json", "Max", 1),  # who takes part but has not written
        ("messenger_encrypted.json", "Ana Lu", 3),
        ("element_owner_unknown.json", "@max:example.com", 2),
    ],
)
def test_self(
    name: str, owner: str | None, levels: int, options: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    chosen = [] if owner is None else ["--self", owner]
    assert main(["scan", str(EXPORTS / name), "--json", *chosen, *options]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert len(first["messages"]) == levels


@pytest.mark.parametrize("chosen", [[], ["--self", "Nobody"]])
def test_a_missing_self_lists_the_names(
    chosen: list[str], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(EXPORTS / "android_de.txt"), "--json", *chosen, *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1 and "--self one of: Jule, Timo" in err


def test_a_missing_self_in_a_pipe(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(monkeypatch, (EXPORTS / "android_de.txt").read_bytes())
    assert main(["scan", "-", "--json", *options]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "--self one of: Jule, Timo" in err


def test_a_question_on_a_terminal(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = io.StringIO("7\nfoo\n2\n")
    monkeypatch.setattr(answers, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", answers)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["scan", str(EXPORTS / "android_de.txt"), "--json", "--show-text", *options]) == 0
    out, err = capsys.readouterr()
    assert "2. Timo" in err and err.count("Number:") == 3
    assert [row["sender"] for row in json.loads(out)["messages"]] == ["Jule", "you", "you", "Jule"]


def test_standard_input(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(monkeypatch, conversation("hello").encode())
    assert main(["scan", "-", "--json", *options]) == 0
    assert len(json.loads(capsys.readouterr().out)["messages"]) == 2


HOSTILE = [
    (b"", "the file is empty; 0 conversations read, 1 refused", 0),
    (bytes(range(256)), "a binary file", 0),
    (b'{"messages": [{"sender": "peer", "te', "line 1: not valid JSON", 0),
    (conversation("x").encode() + b"oops\n{}\n" + conversation("y").encode(),
     "line 2: not valid JSON (1 more problem, at line 3); 2 conversations read, 2 refused", 2),
    (b"31/12/2021, 10:00 - Mia: hi\n99/99/2021, 10:00 - Mia: hi\n",
     "line 2: the date does not exist; 1 conversation read, 0 refused", 1),
]  # fmt: skip


@pytest.mark.parametrize("row", HOSTILE, ids=[row[1][:25] for row in HOSTILE])
def test_hostile_files_get_one_line_and_status_3(
    row: tuple[bytes, str, int], tmp_path: Path, options: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    data, words, reported = row
    path, good = tmp_path / "bad.txt", tmp_path / "good.jsonl"
    path.write_bytes(data)
    good.write_text(conversation("fine", name="good"))
    arguments = ["scan", str(path), str(good), "--json", "--self", "Mia", *options]
    assert main(arguments) == 3
    out, err = capsys.readouterr()
    assert err.count("\n") == 1 and err.startswith("safelight: bad.txt: ") and words in err
    assert SECRET not in err
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == reported + 1
    assert lines[-1]["id"] == "good"


USAGE = [
    (["scan", "no-such-file"], "No such file"),
    (["scan", "-", "-"], "only once"),
    (["scan", "x", "--bundle", "no-such-folder"], "No such file"),
]


@pytest.mark.parametrize("row", USAGE, ids=[row[1] for row in USAGE])
def test_bad_usage(
    row: tuple[list[str], str], capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert main([*row[0], *options]) == 2
    assert row[1] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bundle", "x"], "--bundle needs --key FILE or --allow-unsigned"),
        (["--allow-unsigned"], "belong to --bundle"),
        (["--bundle", "no-such-folder", "--allow-unsigned"], "the bundle was refused"),
    ],
)
def test_bundle_options(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["indicators", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_key_of_the_wrong_length(
    tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key"
    key.write_text("abcd")
    assert main(["indicators", "--bundle", str(tiny_bundle), "--key", str(key)]) == 2
    assert "neither 32 bytes nor 64 hexadecimal digits" in capsys.readouterr().err


def test_why_names_the_messages_that_the_level_rests_on(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(conversation(*RISING) + conversation("the match was good", name="c2"))
    assert main(["scan", str(path), "--json", "--why", *options]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert set(first["why"]) == {"level", "risk", "messages", "falls"}
    assert first["why"]["level"] == first["messages"][-1]["level"]
    assert {row["index"] for row in first["why"]["messages"]} <= {2, 4, 6, 8, 10}
    assert "why" not in second  # nothing is shown there
    assert main(["scan", str(path), "--why", *options]) == 0
    out = capsys.readouterr().out
    assert out.count("At the end it rests most on: message") == 1
    assert SECRET not in out


@pytest.mark.parametrize(("sensitivity", "level"), [("low", "none"), ("high", "warning")])
def test_sensitivity_is_chosen_by_the_caller(
    make_bundle: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    sensitivity: str,
    level: str,
) -> None:
    def apart(manifest: dict[str, Any]) -> None:
        for name, least in (("low", 0.995), ("high", 0.01)):
            entry = manifest["thresholds"]["levels"][name]
            entry["grooming"] = {"notice": least, "warning": least}
            entry["sextortion"] = {"notice": least, "warning": least, "urgent": 0.997}

    bundle = ["--bundle", str(make_bundle(apart)), "--allow-unsigned"]
    path = tmp_path / "chats.jsonl"
    path.write_text(conversation("keep picture"))
    assert main(["scan", str(path), "--json", "--sensitivity", sensitivity, *bundle]) == 0
    assert json.loads(capsys.readouterr().out)["messages"][0]["level"] == level


def test_there_are_three_sensitivities(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["scan", "chats.jsonl"], ["watch"]):
        with pytest.raises(SystemExit) as caught:
            main([*command, "--sensitivity", "highest"])
        assert caught.value.code == 2
        said = capsys.readouterr().err.replace("'", "")  # newer Pythons quote no choice
        assert "low, standard, high" in said


@pytest.mark.parametrize("name", ["instagram_message.json", "instagram_bom.json"])
def test_a_pipe_with_people_knows_its_owner(
    name: str, options: list[str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    feed(monkeypatch, (EXPORTS / name).read_bytes())
    owner = "Max Müller" if name == "instagram_message.json" else "Max"
    assert main(["scan", "-", "--json", "--self", owner, *options]) == 0
    feed(monkeypatch, (EXPORTS / name).read_bytes())
    assert main(["scan", "-", "--json", *options]) == 2
    assert f"{owner}" in capsys.readouterr().err


def test_what_was_found_is_said_when_asked(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("sms_backup.xml", "signal_export_data.json", "conversations.jsonl")
    files = [str(EXPORTS / name) for name in names]
    assert main(["scan", *files, "--json", "--verbose", *options]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "safelight: sms_backup.xml: found: SMS Backup & Restore (XML of smses)",
        "safelight: signal_export_data.json: found: Signal messages "
        "(date, sender, body, attachments of signal-export)",
        "safelight: conversations.jsonl: found: JSON lines "
        "(the first line is a JSON object with messages)",
    ]
    for quiet in ([], ["--format", "sms", "--verbose"]):
        assert main(["scan", files[0], "--json", *quiet, *options]) == 0
        assert capsys.readouterr().err == ""


def test_what_was_found_is_said_on_a_terminal(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["scan", str(EXPORTS / "sms_backup.xml"), "--json", *options]) == 0
    assert "found: SMS Backup & Restore" in capsys.readouterr().err


def test_parts_of_one_chat_are_scanned_as_one(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def part(*times: int) -> str:
        rows = [{"sender_name": "ivy", "timestamp_ms": t, "content": f"m{t}"} for t in times]
        people = [{"name": "ivy"}, {"name": "Max"}]
        return json.dumps({"participants": people, "messages": rows, "title": "ivy"})

    paths = [tmp_path / "message_1.json", tmp_path / "message_2.json"]
    paths[0].write_text(part(4000, 3000))
    paths[1].write_text(part(2000, 1000))
    files = [str(path) for path in paths]
    assert main(["scan", *files, "--json", "--show-text", "--self", "Max", *options]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    texts = [row["text"] for row in json.loads(line)["messages"]]
    assert texts == ["m1000", "m2000", "m3000", "m4000"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sms_doctype.xml", "line 2: a document type or entities are declared"),
        ("sms_damaged.xml", "line 5: a record is not valid XML (5 more problems, at line 6, 8"),
        ("sms_calls.xml", "2 of the call log left out"),
        ("signal_cli_damaged.jsonl", "line 2: not valid JSON (4 more problems, at line 3, 5, 7"),
    ],
)
def test_damage_is_one_line_without_text(
    name: str, line: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(EXPORTS / name), "--json", *options]) == 3
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and err.startswith(f"safelight: {name}: {line}")
    assert "first" not in err and "broken" not in err
