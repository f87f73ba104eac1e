"""`safelight evidence` in process, on real exports: one file where it was asked for, no more."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exports import EXPORTS
from safelight.cli import chosen, main
from safelight.cli.options import UsageError
from safelight.cli.save import save
from safelight.importers.records import CLOCK_ZONE, ImportedMessage

SECRET = "private words of a person"
CHAT = f"""\
30/01/2026, 20:58 - Robin: hi, is this Sam?
30/01/2026, 20:59 - Sam: yes
30/01/2026, 21:05 - Robin: IMG-20260130-WA0001.jpg (file attached)
30/01/2026, 21:07 - Robin: {SECRET} keep picture everyone coins
30/01/2026, 21:09 - Sam: no
"""
PHRASE = "correct horse battery"


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "chat.txt"
    path.write_text(CHAT, encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "evidence.json"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def evidence(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = main(["evidence", *map(str, arguments)])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        return status, *capsys.readouterr()

    return evidence


def read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_bytes())
    return value


def facts(path: Path) -> list[tuple[str, str]]:
    return [(row["name"], row.get("value", "-")) for row in read(path)["facts"]]


def descriptor(text: str) -> int:
    """A pipe that holds a passphrase and something after it."""
    ends = os.pipe()
    os.write(ends[1], text.encode())
    os.close(ends[1])
    return ends[0]


# make -----------------------------------------------------------------------------------------


def test_make_takes_what_was_chosen_and_nothing_else(run: Run, chat: Path, out: Path) -> None:
    status, said, error = run("make", chat, "--self", "Sam", "--messages", "1,3-4", "-o", out)
    assert (status, error) == (0, "")
    made = read(out)
    rows = [(r["number"], r["sender"], r["sent_at"], r["media"]) for r in made["messages"]]
    assert rows == [
        (1, "Robin", "2026-01-30T20:58:00", None),
        (3, "Robin", "2026-01-30T21:05:00", "image"),
        (4, "Robin", "2026-01-30T21:07:00", None),
    ]
    assert made["messages"][1]["file_name"] == "IMG-20260130-WA0001.jpg"
    assert {row["noticed"] for row in made["messages"]} == {None}
    assert facts(out) == [("owner", "Sam"), ("peer", "Robin")]
    assert datetime.fromisoformat(made["created"]).utcoffset() is not None
    assert "with 3 of 3 messages.\nCheck code, to note down or read to somebody: " in said
    assert SECRET not in said


def test_what_the_person_enters_goes_in_and_nothing_is_inferred(
    run: Run, chat: Path, out: Path
) -> None:
    status, _, _ = run(
        "make", chat, "--self", "sam", "--messages", "4", "-o", out,
        "--handle", "Robin=@kestrel=77", "--handle", "Sam=@sam", "--zone", "Europe/Paris",
        "--platform", "ChatApp", "--profile", "https://example.com/1",
        "--profile", "https://example.com/2", "--money-demanded", "yes", "--amount", "50",
        "--payment-id", "card 1", "--pictures-demanded", "unsure", "--country", "fr",
        "--age-band", "13_15", "--contact", "555-0112", "--note", "it began in a game",
    )  # fmt: skip
    assert status == 0
    assert facts(out) == [
        ("platform", "ChatApp"), ("owner", "@sam"), ("peer", "@kestrel=77"),
        ("profile", "https://example.com/1"), ("profile", "https://example.com/2"),
        ("zone", "Europe/Paris"), ("money_demanded", "yes"), ("amount", "50"),
        ("payment_id", "card 1"), ("pictures_demanded", "unsure"), ("country", "FR"),
        ("age_band", "13_15"), ("contact", "555-0112"), ("note", "it began in a game"),
    ]  # fmt: skip
    assert read(out)["messages"][0]["sent_at"] == "2026-01-30T21:07:00+01:00"


def test_ask_asks_for_each_and_a_blank_skips(
    run: Run, chat: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["ChatApp", "", "perhaps", "no", "", "", "", "gb", "", "", "my words"])
    monkeypatch.setattr(sys.stdin, "readline", lambda: next(answers) + "\n")
    status, _, asked = run("make", chat, "--self", "Sam", "--messages", "1", "-o", out, "--ask")
    assert status == 0
    assert facts(out) == [
        ("platform", "ChatApp"), ("owner", "Sam"), ("peer", "Robin"), ("money_demanded", "no"),
        ("country", "GB"), ("note", "my words"),
    ]  # fmt: skip
    assert "Was money asked for? [yes, no, unsure]: money_demanded must be one of" in asked


def test_what_safelight_noticed_goes_in_only_if_asked_for(
    run: Run, chat: Path, out: Path, tiny_bundle: Path
) -> None:
    bundle = ("--with-noticed", "--bundle", tiny_bundle, "--allow-unsigned")
    assert run("make", chat, "--self", "Sam", "--messages", "2,4", "-o", out, *bundle)[0] == 0
    own, peer = (row["noticed"] for row in read(out)["messages"])
    assert own == {"level": "none", "indicators": []}
    assert "secrecy" in peer["indicators"]


@pytest.mark.parametrize(
    ("name", "options", "sent_at"),
    [
        ("telegram_account.json", ["--chat", "4212345"], "2024-10-09T19:30:00+00:00"),
        ("telegram_chat.json", ["--self", "Robin"], "2024-10-09T19:30:00+00:00"),
        ("conversations.jsonl", ["--chat", "c1"], ""),
        ("ios_utf16.txt", ["--self", "Mia"], "2021-12-31T23:59:59"),
    ],
)
def test_every_importer_is_read(
    name: str, options: list[str], sent_at: str, run: Run, out: Path
) -> None:
    assert run("make", EXPORTS / name, "--messages", "1", "-o", out, *options)[0] == 0
    assert read(out)["messages"][0]["sent_at"] == sent_at


@pytest.mark.parametrize("name", ["telegram_account.json", "conversations.jsonl"])
def test_one_chat_has_to_be_named_where_there_are_several(name: str, run: Run, out: Path) -> None:
    status, _, error = run("make", EXPORTS / name, "--messages", "1", "-o", out)
    assert status == 2 and "there are several chats; give --chat one of: " in error
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--messages", "6"], "there is no message 6; the chat has 5"),
        (["--messages", "1", "--chat", "other"], "no chat has that id"),
        (["--messages", "0"], "numbers run from 1"),
        (["--messages", "5-3"], "from low to high"),
        (["--messages", "1-99999999999"], "from low to high"),
        (["--messages", "x"], "give numbers such as 3-9,12"),
        (["--messages", "1", "--handle", "Nobody=@x"], "nobody is called Nobody"),
        (["--messages", "1", "--handle", "Robin"], "give NAME=HANDLE"),
        (["--messages", "1", "--handle", "Robin=Sam"], "two accounts have the same handle"),
        (["--messages", "1", "--zone", "Paris"], "give a zone such as"),
        (["--messages", "1", "--passphrase-fd", "9" * 20], "no such descriptor"),
        (["--messages", "1", "--age-band", "12"], "invalid choice"),
        (["--messages", "1", "--note", "x" * 2001], "note must have 1 to 2,000"),
    ],
)
def test_a_choice_that_does_not_fit(
    options: list[str], what: str, run: Run, chat: Path, out: Path
) -> None:
    status, said, error = run("make", chat, "--self", "Sam", "-o", out, *options)
    assert (status, said) == (2, "")
    assert what in error
    assert SECRET not in error
    assert not out.exists()


def test_a_zone_is_for_a_clock_that_has_none(run: Run, out: Path) -> None:
    """Telegram's times are UTC: the file would say of them what is not so."""
    chosen = (EXPORTS / "telegram_chat.json", "--self", "Alex", "--messages", "1")
    status, _, error = run("make", *chosen, "--zone", "Europe/Paris", "-o", out)
    assert status == 2 and "no clock without a zone" in error
    assert not out.exists()
    assert run("make", *chosen, "-o", out)[0] == 0


def test_a_chat_that_is_listed_can_be_given(run: Run, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "many.jsonl"
    ids = ["a\u200eb", "twice", "twice", *map(str, range(30))]
    rows = [{"id": id, "messages": [{"sender": "peer", "text": "hi"}]} for id in ids]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    status, _, error = run("make", path, "--messages", "1", "-o", out)
    assert status == 2 and "one of: a\ufffdb, twice, twice, 0" in error and "and 13 more" in error
    status, _, error = run("make", path, "--messages", "1", "--chat", "twice", "-o", out)
    assert status == 2 and "several chats have that id" in error
    assert run("make", path, "--messages", "1", "--chat", "a\ufffdb", "-o", out)[0] == 0


@pytest.mark.parametrize("owner", [[], ["--self", "Nobody"]])
def test_it_is_made_of_ones_own_chat_alone(
    owner: list[str], run: Run, chat: Path, out: Path
) -> None:
    status, _, error = run("make", chat, "--messages", "1", "-o", out, *owner)
    assert status == 2 and "Give --self one of: Robin, Sam" in error
    assert not out.exists()


def test_an_export_that_cannot_be_read_whole_is_named(run: Run, tmp_path: Path, out: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(CHAT + "30/01/2026, 21:10 - Robin: " + "x" * 70_000, encoding="utf-8")
    status, said, error = run("make", path, "--self", "Sam", "--messages", "1", "-o", out)
    assert status == 3 and out.exists() and "Saved" in said
    assert "line 6: a message was cut at 65,536 characters" in error


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("moment", "zone", "written"),
    [
        (datetime(2026, 1, 30, 21, 7, tzinfo=CLOCK_ZONE), None, "2026-01-30T21:07:00"),
        (datetime(2026, 1, 30, 21, 7, tzinfo=CLOCK_ZONE), PARIS, "2026-01-30T21:07:00+01:00"),
        (datetime(2026, 7, 30, 21, 7, tzinfo=CLOCK_ZONE), PARIS, "2026-07-30T21:07:00+02:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=CLOCK_ZONE), PARIS, "2026-10-25T02:30:00"),
        (datetime(2026, 3, 29, 2, 30, tzinfo=CLOCK_ZONE), PARIS, "2026-03-29T02:30:00"),
        (datetime(2026, 1, 30, 21, 7, tzinfo=timezone.utc), PARIS, "2026-01-30T21:07:00+00:00"),
        (None, PARIS, ""),
    ],
)
def test_what_is_not_known_of_a_time_stays_unknown(
    moment: datetime | None, zone: ZoneInfo | None, written: str
) -> None:
    assert chosen.sent_at(ImportedMessage(sender="x", sent_at=moment), zone) == written


# Where it is saved ----------------------------------------------------------------------------


def made(run: Run, chat: Path, out: Path, *more: object) -> tuple[int, str, str]:
    return run("make", chat, "--self", "Sam", "--messages", "1-5", "-o", out, *more)


def test_one_file_for_its_owner_alone(run: Run, chat: Path, out: Path) -> None:
    before = set(chat.parent.iterdir())
    assert made(run, chat, out)[0] == 0
    assert set(chat.parent.iterdir()) - before == {out}
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_place_is_needed_each_time(run: Run, chat: Path) -> None:
    status, _, error = run("make", chat, "--self", "Sam", "--messages", "1")
    assert status == 2 and "-o/--output" in error


def test_nothing_is_overwritten_without_force(run: Run, chat: Path, out: Path) -> None:
    out.write_text("mine")
    status, _, error = made(run, chat, out)
    assert status == 2 and "is there already; choose another name, or add --force" in error
    assert out.read_text() == "mine"
    assert made(run, chat, out, "--force")[0] == 0
    assert read(out)["kind"] == "safelight-evidence"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert {path.name for path in out.parent.iterdir()} == {"chat.txt", "evidence.json"}


def test_the_file_that_is_read_is_never_overwritten(run: Run, chat: Path, out: Path) -> None:
    assert made(run, chat, chat, "--force")[0] == 2
    assert chat.read_text(encoding="utf-8") == CHAT
    made(run, chat, out)
    before = out.read_bytes()
    for action in (("redact", out, "--messages", "1"), ("page", out)):
        status, _, error = run(*action, "-o", out, "--force")
        assert status == 2 and "stays as it is" in error
    assert out.read_bytes() == before


def test_a_file_that_came_meanwhile_stays(out: Path, tmp_path: Path) -> None:
    """Between the early check and the writing, somebody else took the name."""
    out.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        save(out, b"new", force=False)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_a_link_is_not_followed(run: Run, chat: Path, out: Path, tmp_path: Path) -> None:
    out.symlink_to(tmp_path / "elsewhere")
    assert made(run, chat, out)[0] == 2
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("place", ["missing/evidence.json", "."])
def test_no_place_for_a_file(place: str, run: Run, chat: Path, tmp_path: Path) -> None:
    status, _, error = made(run, chat, tmp_path / place)
    assert status == 2 and "not a place for a file" in error


def test_a_device_is_no_place_even_with_force(run: Run, chat: Path, tmp_path: Path) -> None:
    """A file in its place would take it away from all others."""
    device = tmp_path / "pipe"
    os.mkfifo(device)
    status, _, error = made(run, chat, device, "--force")
    assert status == 2 and "not a place for a file" in error
    assert stat.S_ISFIFO(device.stat().st_mode)
    status, _, error = made(run, chat, tmp_path / ("x" * 300))
    assert status == 2 and error.count("\n") == 1


# redact, verify, page -------------------------------------------------------------------------


def test_redact_verify_and_the_noted_code(run: Run, chat: Path, out: Path, tmp_path: Path) -> None:
    code = made(run, chat, out, "--contact", "555-0112")[1].rpartition(": ")[2].strip()
    less = tmp_path / "less.json"
    assert run("redact", out, "--messages", "4", "--facts", "contact", "-o", less)[0] == 0
    assert SECRET not in less.read_text() and "555-0112" not in less.read_text()
    status, said, _ = run("verify", less, "--code", code)
    assert status == 0
    assert said == (
        f"Verified: 5 messages, 3 facts.\nLeft out: 2 (message 4, contact).\nCheck code: {code}\n"
    )
    assert "Nothing was changed if this is the code" in run("verify", less)[1]
    status, _, error = run("verify", less, "--code", "0" * 16)
    assert status == 3 and "does not verify: the digest that was noted" in error
    assert run("verify", less, "--code", "xyz")[0] == 2


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (SECRET, SECRET.upper(), "does not verify: message 4"),
        ('"created": "2', '"created": "1', "does not verify: header"),
        ('"value": "Sam"', '"value": "Sa"', "does not verify: fact 1 (owner)"),
        ('"kind"', '"kinds"', "not an evidence file"),
    ],
)
def test_a_changed_file_is_refused_by_each_action(
    old: str, new: str, what: str, run: Run, chat: Path, out: Path, tmp_path: Path
) -> None:
    made(run, chat, out)
    assert old in out.read_text()
    out.write_text(out.read_text().replace(old, new))
    there = tmp_path / "there"
    for action in (
        ("verify", out),
        ("page", out, "-o", there),
        ("redact", out, "--messages", "1", "-o", there),
    ):
        status, said, error = run(*action)
        assert (status, said) == (3, "")
        assert what in error and error.count("\n") == 1
        assert SECRET not in error
    assert not there.exists()


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ([], "say what to leave out"),
        (["--messages", "9"], "no message with that number"),
        (["--facts", "amount"], "no fact with that name"),
        (["--facts", "owner"], "still shows that account"),
    ],
)
def test_a_redaction_that_does_not_fit(
    options: list[str], what: str, run: Run, chat: Path, out: Path, tmp_path: Path
) -> None:
    made(run, chat, out)
    status, _, error = run("redact", out, *options, "-o", tmp_path / "less.json")
    assert status == 2 and what in error


def test_page_in_a_language(run: Run, chat: Path, out: Path, tmp_path: Path) -> None:
    code = made(run, chat, out)[1].rpartition(": ")[2].strip()
    page = tmp_path / "page.html"
    assert run("page", out, "-o", page, "--language", "fr")[0] == 0
    html = page.read_text(encoding="utf-8")
    assert '<html lang="fr">' in html and code in html and SECRET in html
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    status, _, error = run("verify", tmp_path / "none.json")
    assert status == 2 and "No such file" in error


# The lock -------------------------------------------------------------------------------------


def test_a_locked_file_needs_its_passphrase(
    run: Run, chat: Path, out: Path, tmp_path: Path
) -> None:
    assert made(run, chat, out, "--passphrase-fd", descriptor(PHRASE + "\nrest"))[0] == 0
    assert SECRET not in out.read_text() and read(out)["kind"] == "safelight-evidence-locked"
    assert run("verify", out, "--passphrase-fd", descriptor(PHRASE))[0] == 0
    status, said, error = run("verify", out, "--passphrase-fd", descriptor(PHRASE + "x"))
    assert (status, said) == (3, "")
    assert error == f"safelight: {out}: wrong passphrase, or the file was changed\n"
    less = tmp_path / "less.json"
    fd = descriptor(PHRASE)
    assert run("redact", out, "--messages", "1", "-o", less, "--passphrase-fd", fd)[0] == 0
    assert read(less)["kind"] == "safelight-evidence-locked"
    options = ("--unlock", "--force", "--passphrase-fd", descriptor(PHRASE))
    assert run("redact", out, "--messages", "1", "-o", less, *options)[0] == 0
    assert read(less)["kind"] == "safelight-evidence"


def test_a_prompt_asks_twice(
    run: Run, chat: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter([PHRASE, PHRASE, PHRASE, "another", "short", "short"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert made(run, chat, out, "--passphrase")[0] == 0
    for what in ("the two passphrases differ", "at least 8 characters"):
        status, _, error = made(run, chat, out, "--passphrase", "--force")
        assert status == 2 and what in error


def test_a_passphrase_is_never_an_argument(run: Run, chat: Path, out: Path) -> None:
    status, _, _ = made(run, chat, out, "--passphrase", PHRASE)
    assert status == 2
    assert not out.exists()
