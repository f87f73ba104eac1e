"""The other commands, and the command line as a process: pipes, signals, memory of text."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from exports import EXPORTS
from safelight import Guard
from safelight.cli import demo, main
from safelight.cli.ask_self import Names
from safelight.cli.problems import Problems
from safelight.cli.progress import progress_bar
from safelight.cli.terminal import STYLES, SYMBOLS, safe
from safelight.cli.watch import watch
from safelight.importers import ImportedMessage, ImportProblem, jsonl
from safelight.importers.source import open_binary
from safelight.taxonomy import INDICATORS
from safelight.types import Level

MODEL = Path(__file__).parents[2] / "model"


@pytest.fixture
def options(tiny_bundle: Path) -> list[str]:
    return ["--bundle", str(tiny_bundle), "--allow-unsigned"]


def run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "safelight", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(MODEL)}
    return subprocess.run(
        command, input=data, capture_output=True, env=environment, timeout=120, check=False
    )


WATCHED = [
    {"conversation": "a", "sender": "peer", "text": "keep picture",
     "sent_at": "2026-01-01T10:00:00Z"},
    {"conversation": "b", "sender": "peer", "text": "hello"},
    {"conversation": "a", "sender": "peer", "text": "everyone coins", "id": "m-7",
     "sent_at": "2026-01-01T10:05:00+01:00"},
]  # fmt: skip


def watched(guard: Guard, lines: list[str]) -> tuple[int, list[dict[str, object]], str]:
    out, err = io.StringIO(), io.StringIO()
    status = watch(guard, lambda seen: {"level": seen.level.label}, io.StringIO("\n".join(lines)),
                   out, err)  # fmt: skip
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def test_watch_keeps_conversations_apart(guard: Guard) -> None:
    status, answers, err = watched(guard, [json.dumps(row) for row in WATCHED])
    assert (status, err) == (0, "")
    assert [(a["conversation"], a["line"], a.get("id")) for a in answers] == [
        ("a", 1, None), ("b", 2, None), ("a", 3, "m-7"),
    ]  # fmt: skip
    assert answers[1]["level"] == "none"
    assert answers[2]["level"] == "urgent"


BAD_LINES = [
    ("nonsense", "not valid JSON"),
    ("[1]", "not a JSON object"),
    ('{"sender": "peer"}', "no conversation"),
    ('{"conversation": "a"}', "no sender"),
    ('{"conversation": "a", "sender": "peer", "text": 7}', "the text is not a text"),
    ('{"conversation": "a", "sender": "peer", "media": "hologram"}', "unknown kind of media"),
    ('{"conversation": "a", "sender": "peer", "sent_at": "yesterday"}', "not an ISO 8601 time"),
    ('{"conversation": "a", "sender": "peer", "sent_at": "2026-01-01T10:00"}', "no time zone"),
    ("x" * 2_000_000, "longer than"),
]


@pytest.mark.parametrize("row", BAD_LINES, ids=[row[1] for row in BAD_LINES])
def test_watch_goes_on_after_a_bad_line(row: tuple[str, str], guard: Guard) -> None:
    status, answers, err = watched(guard, ["", row[0], json.dumps(WATCHED[1])])
    assert status == 3
    assert [answer["conversation"] for answer in answers] == ["b"]
    assert err.startswith("safelight: standard input: line 2: ") and row[1] in err
    assert err.count("\n") == 1


def test_watch_answers_each_line_at_once(options: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "safelight", "watch", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(MODEL)},
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    for row in WATCHED:
        process.stdin.write(json.dumps(row).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert answer["conversation"] == row["conversation"]
    assert answer["level"] == "urgent"
    assert set(answer) >= {"changed", "stage", "risks", "indicators", "reasons", "advice"}
    assert {"message": "m-7", "indicator": "share_threat"} in answer["reasons"]
    process.stdin.close()
    process.stdout.close()
    assert process.wait(timeout=60) == 0


def test_an_interrupted_watch_exits_130(options: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "safelight", "watch", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(MODEL)},
        # A shell starts its background jobs with the signal ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(WATCHED[0]).encode() + b"\n")
    process.stdin.flush()
    process.stdout.readline()  # it is up and waits for the next line
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")


def test_a_reader_that_goes_away_is_no_error(options: list[str], tmp_path: Path) -> None:
    line = (EXPORTS / "conversations.jsonl").read_text().splitlines()[0]
    path = tmp_path / "many.jsonl"
    path.write_text(f"{line}\n" * 400)
    process = subprocess.Popen(
        [sys.executable, "-m", "safelight", "scan", str(path), "--json", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(MODEL)},
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("name", ["android_de.txt", "ios_utf16.txt", "telegram_chat.json"])
def test_a_pipe_reads_as_the_file_does(name: str, options: list[str]) -> None:
    owner = {"android_de.txt": "Jule", "ios_utf16.txt": "Mia"}.get(name, "Robin")
    wanted = ["--json", "--self", owner, *options]
    piped = run("scan", "-", *wanted, data=(EXPORTS / name).read_bytes())
    filed = run("scan", str(EXPORTS / name), *wanted)
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert json.loads(piped.stdout)["messages"] == json.loads(filed.stdout)["messages"]


def test_a_terminal_without_symbols_still_shows_the_words(options: list[str]) -> None:
    command = [sys.executable, "-m", "safelight", "demo", *options]
    environment = {**os.environ, "PYTHONPATH": str(MODEL), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=True)
    assert b"Highest level: " in done.stdout and b"None" in done.stdout


def test_indicators_lists_every_one_with_a_source(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["indicators", *options]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in INDICATORS)
    assert out.count("https://www.example.com/signs") == len(INDICATORS)


def test_help_cards(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help-cards", "--country", "aa", *options]) == 0
    out = capsys.readouterr().out
    assert out.index("Aa-Text") < out.index("Aa-Line") < out.index("World-Report")
    assert "not recently checked" in out and "2025-01-01" in out
    assert main(["help-cards", "--country", "ZZ", *options]) == 0
    out = capsys.readouterr().out
    assert "No checked services on file for ZZ" in out and "World-Talk" in out


def test_a_help_card_ends_with_what_to_know_before_the_tap(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["help-cards", "--country", "ZZ", *options]) == 0
    out = capsys.readouterr().out
    card = out[out.index("World-Report") : out.index("https://www.example.com/privacy")]
    words = ["report text", "555-0100", "Free.", "Before", "no text", "call text"]
    assert [card.index(word) for word in words] == sorted(card.index(word) for word in words)


def test_cards_to_look_at_again_are_listed(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["help-cards", "--not-recently-checked", *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "world-talk  no date  https://www.example.com/help" in lines
    assert "world-report  2025-01-01  https://www.example.com/help" in lines
    assert main(["help-cards", "--not-recently-checked", "--country", "ZZ", *options]) == 0
    assert capsys.readouterr().out == ""


def test_a_guide_with_its_sources_and_the_cards_of_a_country(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guide", "after", "--language", "fr", *options]) == 0
    out = capsys.readouterr().out
    words = ["Title after", "Heading after", "Line one.", "https://www.example.com/guide"]
    assert [out.index(word) for word in words] == sorted(out.index(word) for word in words)
    assert "caregiver" not in out and "Aa-Text" not in out
    assert main(["guide", "caregiver", "--country", "aa", *options]) == 0
    out = capsys.readouterr().out
    assert out.index("Title caregiver") < out.index("get help") < out.index("Aa-Text")


def test_there_is_no_other_guide(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["guide", "before"])
    assert caught.value.code == 2


def test_a_country_has_two_letters(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["help-cards", "--country", "England"])
    assert caught.value.code == 2
    assert "two letters" in capsys.readouterr().err


def test_the_demo_plays_both_chats_with_their_texts(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", *options]) == 0
    out = capsys.readouterr().out
    assert "An everyday chat" in out and "A chat that goes wrong" in out
    assert "page 42" in out and "you have one hour. last chance" in out


def test_the_samples_are_clean_and_short() -> None:
    for sample in demo.SAMPLES:
        text = (MODEL / "safelight" / "samples" / sample).read_text(encoding="utf-8")
        found = list(jsonl.read(io.StringIO(text), sample))
        rows = [record for record in found if isinstance(record, ImportedMessage)]
        assert len(found) == len(rows) + 1
        assert 12 <= len(rows) <= 18
        assert all(row.offset_s is not None for row in rows)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("safelight ")


def test_every_level_has_a_symbol_of_its_own() -> None:
    assert set(SYMBOLS) == set(STYLES) == set(Level)
    assert len(set(SYMBOLS.values())) == len(Level)


def test_names_and_problems_stay_bounded() -> None:
    names, problems = Names(), Problems()
    for index in range(10_001):
        names.add(ImportedMessage(sender=f"name {index}"))
        problems.add(ImportProblem("chat.txt", index + 1, "the date does not exist"))
    assert len(names.listed(names.keys())) == 100
    assert names.alike("name 9999") and not names.alike("name 10000")
    line = problems.line(1)
    assert line == (
        "chat.txt: line 1: the date does not exist (10000 more problems, at line 2, 3, 4, 5, 6, …)"
        "; 1 conversation read, 0 refused or cut short"
    )


def test_a_bar_appears_on_a_terminal_for_long_files_only() -> None:
    for size, terminal, expected in ((2_000_000, True, True), (10, True, False),
                                     (2_000_000, False, False)):  # fmt: skip
        shown = io.StringIO()
        console = Console(file=shown, force_terminal=terminal, width=80)
        with progress_bar(open_binary(io.BytesIO(b"x" * size), "chat.txt"), console) as tick:
            for _ in range(200):
                tick()
        assert ("chat.txt" in shown.getvalue()) is expected


@pytest.mark.parametrize(("sensitivity", "level"), [("low", "none"), ("high", "warning")])
def test_watch_goes_by_the_sensitivity(
    make_bundle: Callable[..., Path], sensitivity: str, level: str
) -> None:
    def apart(manifest: dict[str, Any]) -> None:
        for name, least in (("low", 0.995), ("high", 0.01)):
            entry = manifest["thresholds"]["levels"][name]
            entry["grooming"] = {"notice": least, "warning": least}
            entry["sextortion"] = {"notice": least, "warning": least, "urgent": 0.997}

    bundle = ["--bundle", str(make_bundle(apart)), "--allow-unsigned"]
    line = json.dumps(WATCHED[0]).encode() + b"\n"
    done = run("watch", "--sensitivity", sensitivity, *bundle, data=line)
    assert json.loads(done.stdout)["level"] == level


def test_watch_reads_the_end_of_a_long_message_too(guard: Guard) -> None:
    padded = {"conversation": "a", "sender": "peer", "text": "\u200b" * 70_000 + "everyone coins"}
    lines = [json.dumps(row, ensure_ascii=False) for row in (WATCHED[0], padded)]
    assert watched(guard, lines)[1][1]["level"] == "urgent"


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "<&-", "2>&-"])
@pytest.mark.parametrize("command", ["scan {jsonl}", "scan {whatsapp}", "indicators", "watch"])
def test_streams_that_fail_or_are_closed_end_in_a_line_at_most(
    redirection: str, command: str, options: list[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.fail("this system has no /dev/full")
    files = {"jsonl": EXPORTS / "conversations.jsonl", "whatsapp": EXPORTS / "android_de.txt"}
    given = command.format(**files)
    bundle = " ".join(options) if command != "indicators" else ""
    line = f"{sys.executable} -m safelight {given} {bundle} {redirection}"
    said = json.dumps(WATCHED[0]).encode() if command == "watch" else b""
    found = subprocess.run(
        ["sh", "-c", line], input=said, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(MODEL)}, timeout=120, check=False,
    )  # fmt: skip
    assert b"Traceback" not in found.stderr
    assert found.stderr.count(b"\n") <= 1
    if redirection == ">/dev/full" and "whatsapp" not in command:
        assert (found.returncode, found.stderr) == (1, b"safelight: No space left on device\n")
    assert found.returncode in (0, 1, 2, 3)


def test_a_name_stays_on_its_line() -> None:
    assert safe("zoe\n 9 zoe \u2028x") == "zoe\ufffd 9 zoe \ufffdx"
    assert safe("hi\nyou\x1b[2J", lines=True) == "hi\nyou\ufffd[2J"
