"""Who the person using the phone is: never answered, one name for two people, names with flags."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from exports import EXPORTS, chats, parse
from safelight.cli import ask_self, main
from safelight.cli.terminal import safe

SIGNS = "keep picture everyone coins"  # words that raise a level of the tiny bundle


def whatsapp(*rows: tuple[str, str]) -> str:
    return "".join(f"15/01/2024, 09:0{n} - {who}: {text}\n" for n, (who, text) in enumerate(rows))


def telegram(*rows: tuple[str, str, str]) -> str:
    messages = [
        {"id": n, "type": "message", "date": f"2024-01-15T09:0{n}:00", "from": name,
         "from_id": known, "text": text}
        for n, (name, known, text) in enumerate(rows)
    ]  # fmt: skip
    return json.dumps({"name": "Kim", "type": "personal_chat", "id": 1, "messages": messages})


def meta(people: list[str], *rows: tuple[str, str]) -> str:
    messages = [
        {"sender_name": who, "timestamp_ms": 1705309572000 - 1000 * n, "content": text}
        for n, (who, text) in enumerate(rows)
    ]
    return json.dumps({"participants": [{"name": name} for name in people],
                       "messages": messages, "thread_path": "inbox/kim_1"})  # fmt: skip


def element(*rows: tuple[str, str, str]) -> str:
    """Rows of name, id, text; the exporter's name is nobody's, so that the file says no owner."""
    events: list[dict[str, Any]] = []
    for n, (name, user, text) in enumerate(rows):
        at = {"sender": user, "origin_server_ts": 1705309572000 + 1000 * n}
        events += [
            {**at, "type": "m.room.member", "state_key": user, "event_id": f"$m{n}",
             "content": {"displayname": name, "membership": "join"}},
            {**at, "type": "m.room.message", "event_id": f"$t{n}",
             "content": {"msgtype": "m.text", "body": text}},
        ]  # fmt: skip
    return json.dumps({"room_name": "Room", "exported_by": "Nobody", "messages": events})


NEVER_ANSWERED = {
    "chat.txt": whatsapp(("Kim", "hi"), ("Kim", SIGNS)),
    "result.json": telegram(("Kim", "user1", "hi"), ("Kim", "user1", SIGNS)),
    "message_1.json": meta(["Kim", "Sam"], ("Kim", SIGNS), ("Kim", "hi")),
    "element.json": element(("Kim", "@kim:a.org", "hi"), ("Kim", "@kim:a.org", SIGNS)),
}
SAME_NAME = {
    "result.json": telegram(
        ("Alex", "user1", "hi"), ("Alex", "user2", "hello"), ("Alex", "user1", SIGNS)
    ),
    "element.json": element(
        ("Alex", "user1", "hi"), ("Alex", "user2", "hello"), ("Alex", "user1", SIGNS)
    ),
}


class Scan:
    """Runs `scan --json` on files of a folder."""

    def __init__(self, folder: Path, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self._bundle = ["--bundle", str(bundle), "--allow-unsigned"]

    def __call__(self, name: str, text: str, *options: str) -> tuple[int, list[Any], str]:
        """The exit status, (sender, level) of each message, and what standard error says."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return self.run(str(path), *options)

    def run(self, *arguments: str) -> tuple[int, list[Any], str]:
        self._capsys.readouterr()
        status = main(["scan", *arguments, "--json", "--show-text", *self._bundle])
        out, err = self._capsys.readouterr()
        rows = [row for line in out.splitlines() for row in json.loads(line)["messages"]]
        return status, [(row["sender"], row["level"]) for row in rows], err


@pytest.fixture
def scan(tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]) -> Scan:
    return Scan(tmp_path, tiny_bundle, capsys)


def type_in(monkeypatch: pytest.MonkeyPatch, answers: str) -> None:
    typed = io.StringIO(answers)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


class _Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


# Never answered -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NEVER_ANSWERED)
@pytest.mark.parametrize("named", [[], ["--self", "Sam"], ["--self", "Kim"]])
def test_who_never_answered_is_warned_of_a_stranger(
    name: str, named: list[str], scan: Scan
) -> None:
    """Also if the stranger has taken the name that the person gives."""
    status, rows, err = scan(name, NEVER_ANSWERED[name], "--wrote-nothing", *named)
    assert (status, err) == (0, "")
    assert [who for who, _ in rows] == ["Kim", "Kim"]
    assert rows[0][1] == "none" and rows[1][1] != "none"


@pytest.mark.parametrize("name", NEVER_ANSWERED)
def test_it_can_be_said_on_a_terminal(
    name: str, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "-1\n9\n0\n")
    status, rows, err = scan(name, NEVER_ANSWERED[name])
    assert status == 0 and err.count("Number:") == 3
    assert "0. none of them: that person has written nothing here" in err
    assert rows[1][0] == "Kim" and rows[1][1] != "none"


@pytest.mark.parametrize("name", ["chat.txt", "result.json", "element.json"])
def test_a_name_that_does_not_occur_stays_an_error_that_says_what_to_do(
    name: str, scan: Scan
) -> None:
    status, rows, err = scan(name, NEVER_ANSWERED[name], "--self", "Sam")
    assert (status, rows) == (2, [])
    assert "nobody has that name. Give --self one of: Kim; or --wrote-nothing if it is" in err


def test_it_can_be_said_of_a_pipe(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = _Pipe(NEVER_ANSWERED["chat.txt"].encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe, encoding="utf-8"))
    status, rows, err = scan.run("-", "--wrote-nothing")
    assert (status, err) == (0, "")
    assert rows[1][0] == "Kim" and rows[1][1] != "none"


def test_a_file_that_says_who_its_owner_is_is_believed(scan: Scan) -> None:
    path = str(EXPORTS / "telegram_account.json")
    assert scan.run(path, "--wrote-nothing") == scan.run(path)


# One name for two people ----------------------------------------------------------------------


@pytest.mark.parametrize("name", SAME_NAME)
def test_people_with_one_name_are_told_apart_by_id(name: str, scan: Scan) -> None:
    status, rows, err = scan(name, SAME_NAME[name], "--self", "user2")
    assert (status, err) == (0, "")
    assert [who for who, _ in rows] == ["Alex", "you", "Alex"]
    assert rows[2][1] != "none"


@pytest.mark.parametrize("name", SAME_NAME)
@pytest.mark.parametrize("wanted", ["Alex", "alex"])
def test_a_name_of_two_people_is_refused_with_their_ids(name: str, wanted: str, scan: Scan) -> None:
    status, rows, err = scan(name, SAME_NAME[name], "--self", wanted)
    assert (status, rows) == (2, []) and err.count("\n") == 1
    assert "that may be several people" in err and "Alex (user1), Alex (user2)" in err


@pytest.mark.parametrize("name", SAME_NAME)
def test_a_terminal_lists_both_with_their_ids(
    name: str, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "2\n")
    status, rows, err = scan(name, SAME_NAME[name])
    assert status == 0 and "1. Alex (user1)\n  2. Alex (user2)\n" in err
    assert [who for who, _ in rows] == ["Alex", "you", "Alex"]


def test_a_pipe_with_one_name_for_two_people_is_an_error(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = _Pipe(SAME_NAME["result.json"].encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe, encoding="utf-8"))
    status, _, err = scan.run("-", "--self", "Alex")
    assert status == 2 and "Alex (user1), Alex (user2)" in err


def test_one_name_without_ids_is_said_in_one_line(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = meta(["Alex", "Alex"], ("Alex", SIGNS))
    status, rows, err = scan("message_1.json", chat, "--self", "Alex")
    assert (status, rows) == (2, []) and err.count("\n") == 1
    assert "more than one person has that name, and the file has no ids" in err
    status, rows, _ = scan("message_1.json", chat, "--wrote-nothing")
    assert status == 0 and rows[0][0] == "Alex" and rows[0][1] != "none"
    type_in(monkeypatch, "1\n")
    status, rows, err = scan("message_1.json", chat)
    assert (status, rows) == (2, []) and "1. Alex (more than one person)\n" in err


def test_others_of_one_name_do_not_matter(scan: Scan) -> None:
    chat = meta(["Alex", "Alex", "Sam"], ("Alex", "hi"), ("Sam", "hello"))
    status, rows, err = scan("message_1.json", chat, "--self", "Sam")
    assert (status, err) == (0, "") and [who for who, _ in rows] == ["you", "Alex"]


def test_element_gives_the_ids_of_people() -> None:
    (chat,) = chats(parse(SAME_NAME["element.json"]))
    assert (chat.people, chat.people_ids) == (("Alex", "Alex"), ("user1", "user2"))


def test_whoever_calls_themselves_like_the_id_of_another_is_not_that_person(scan: Scan) -> None:
    chat = telegram(("user2", "user1", SIGNS), ("Sam", "user2", "hello"))
    status, rows, _ = scan("result.json", chat, "--self", "user2")
    assert status == 0 and [who for who, _ in rows] == ["user2", "you"]


def test_so_many_names_are_listed_and_more_can_be_given(scan: Scan) -> None:
    rows = [(f"N{n}", f"user{n}", "hi") for n in range(ask_self.MAX_LISTED + 9)]
    status, _, err = scan("result.json", telegram(*rows))
    assert status == 2 and "N99;" in err and "N100" not in err
    assert scan("result.json", telegram(*rows), "--self", "N105")[1][105] == ("you", "none")


# Several files --------------------------------------------------------------------------------

STRANGER = telegram(("Kim", "user1", "hi"), ("Kim", "user1", SIGNS))
ANSWERED = telegram(("Alex", "user3", "hi"), ("Robin", "user2", "hello"))


@pytest.mark.parametrize("order", [["a.json", "b.json"], ["b.json", "a.json"]])
@pytest.mark.parametrize("wanted", ["Robin", "user2"])
def test_a_chat_without_an_answer_beside_others(scan: Scan, order: list[str], wanted: str) -> None:
    (scan.folder / "a.json").write_text(ANSWERED)
    (scan.folder / "b.json").write_text(STRANGER)
    status, rows, err = scan.run(*(str(scan.folder / name) for name in order), "--self", wanted)
    assert status == 0 and err.count("\n") == 1
    assert "b.json: nobody has that name here, so every message counts as another" in err
    assert sorted(who for who, _ in rows) == ["Alex", "Kim", "Kim", "you"]
    assert max(level for who, level in rows if who == "Kim") != "none"


def test_a_name_that_no_file_has_stays_an_error(scan: Scan) -> None:
    (scan.folder / "a.json").write_text(ANSWERED)
    (scan.folder / "b.json").write_text(STRANGER)
    files = [str(scan.folder / name) for name in ("a.json", "b.json")]
    status, rows, err = scan.run(*files, "--self", "Robn")
    assert (status, rows) == (2, []) and "a.json: nobody has that name. Give --self one" in err


def test_a_name_of_two_people_in_one_of_the_files_stays_an_error(scan: Scan) -> None:
    (scan.folder / "a.json").write_text(telegram(("Robin", "user2", "hi")))
    (scan.folder / "b.json").write_text(telegram(("Robin", "u7", "hi"), ("Robin", "u8", "hi")))
    files = [str(scan.folder / name) for name in ("a.json", "b.json")]
    status, rows, err = scan.run(*files, "--self", "Robin")
    assert (status, rows) == (2, []) and "that may be several people" in err


def test_a_pipe_without_an_answer_beside_a_file(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scan.folder / "a.json").write_text(ANSWERED)
    for text, told in ((STRANGER, 1), (ANSWERED, 0)):
        pipe = io.TextIOWrapper(_Pipe(text.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", pipe)
        status, rows, err = scan.run(str(scan.folder / "a.json"), "-", "--self", "Robin")
        assert (status, err.count("nobody has that name here"), len(rows)) == (0, told, 4)


# JSON lines that call people by their names ---------------------------------------------------


def lines(*senders: str) -> str:
    rows = [{"sender": sender, "text": "hi"} for sender in senders]
    return "".join(json.dumps({"id": f"c{n}", "messages": [row]}) + "\n"
                   for n, row in enumerate(rows))  # fmt: skip


@pytest.mark.parametrize("piped", [False, True])
@pytest.mark.parametrize(
    ("senders", "named", "status", "own"),
    [
        (["Alex", "Robin"], ["--self", "Robin"], 0, ["Alex", "you"]),
        (["Alex", "Robin"], ["--self", "Robn"], 2, None),
        (["Alex", "self"], ["--self", "Robn"], 0, ["Alex", "you"]),  # the file is believed
        (["self", "Alex"], ["--self", "Robn"], 0, ["you", "Alex"]),
        (["peer", "peer"], ["--self", "Robn"], 0, ["peer", "peer"]),
        (["Alex", "Robin"], [], 0, ["Alex", "Robin"]),
        (["Alex", "Robin"], ["--wrote-nothing"], 0, ["Alex", "Robin"]),
    ],
)
def test_a_name_that_json_lines_do_not_have_is_refused(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, senders: list[str], named: list[str],
    status: int, own: list[str] | None, piped: bool,
) -> None:  # fmt: skip
    (scan.folder / "x.jsonl").write_text(lines(*senders))
    pipe = _Pipe(lines(*senders).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe, encoding="utf-8"))
    found, rows, err = scan.run("-" if piped else str(scan.folder / "x.jsonl"), *named)
    assert found == status
    assert own is None or [who for who, _ in rows] == own
    assert ("nobody has that name. Give --self one of: Alex, Robin;" in err) == (status == 2)


# Names that look the same ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Zoe\u0301 Mu\u0308ller", "Zoé Müller"),
        ("Zoé Müller", "zoe\u0301 mu\u0308ller"),
        ("Zoe ", "Zoe"),
        ("Zoe  Lee", "Zoe Lee"),
        ("Zoe\u00a0Lee", "Zoe Lee"),
        ("\u200fנועה\u200e", "נועה"),
        ("Zoe\u2b50\ufe0f", "Zoe\u2b50"),
        ("\U0001d4b5oe", "Zoe"),
    ],
)
def test_a_name_that_looks_the_same_is_found(scan: Scan, written: str, typed: str) -> None:
    chat = telegram(("Kim", "user1", "hi"), (written, "user2", "yo"))
    status, rows, err = scan("result.json", chat, "--self", typed)
    assert (status, err) == (0, "") and [who for who, _ in rows] == ["Kim", "you"]


def test_the_very_name_goes_before_one_that_looks_the_same(scan: Scan) -> None:
    chat = whatsapp(("Zoe\u2b50", "hi"), ("Zoe\u2b50\ufe0f", "yo"), ("Kim", "hi"))
    status, rows, _ = scan("chat.txt", chat, "--self", "Zoe\u2b50\ufe0f")
    assert status == 0 and [who for who, _ in rows] == ["Zoe\u2b50", "you", "Kim"]
    status, rows, err = scan("chat.txt", chat, "--self", "zoe\u200f\u2b50")
    assert (status, rows) == (2, []) and "that may be several people" in err


def test_a_name_of_which_nothing_can_be_seen_is_nobodys(scan: Scan) -> None:
    chat = telegram(("Kim", "user1", "hi"), ("\u200b", "user2", "yo"))
    assert scan("result.json", chat, "--self", " ")[0] == 2


def test_in_a_pipe_a_name_that_only_looks_the_same_is_an_error(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages were told apart before the names were known."""
    pipe = _Pipe(telegram(("Kim", "user1", "hi"), ("Zoe ", "user2", "yo")).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(pipe, encoding="utf-8"))
    status, _, err = scan.run("-", "--self", "Zoe")
    assert status == 2 and "nobody has that name. Give --self one of: Kim, Zoe" in err


# Names that a terminal would not show ---------------------------------------------------------

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize("name", [f"Sam {SCOTLAND}", "Sam\u200c x"])
def test_a_name_can_be_copied_from_the_list(name: str, scan: Scan) -> None:
    chat = whatsapp(("Kim", "hi"), (name, "yo"))
    _, _, err = scan("chat.txt", chat)
    listed = err.partition("one of: Kim, ")[2].partition(";")[0]
    for wanted in (name, listed):
        status, rows, _ = scan("chat.txt", chat, "--self", wanted)
        assert status == 0 and [who for who, _ in rows] == ["Kim", "you"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Kim {SCOTLAND}!", f"Kim {SCOTLAND}!"),
        (SCOTLAND[:-1], "\U0001f3f4" + "\ufffd" * 5),  # it never ends
        (SCOTLAND[1:], "\ufffd" * 6),  # no flag stands before it
        ("\U0001f3f4\U000e0001" + SCOTLAND[1:], "\U0001f3f4" + "\ufffd" * 7),
        (f"\x1b{SCOTLAND}\u202e", f"\ufffd{SCOTLAND}\ufffd"),
    ],
)
def test_a_flag_is_shown_and_other_invisible_letters_are_not(text: str, shown: str) -> None:
    assert safe(text) == shown


# In an evidence file --------------------------------------------------------------------------


def evidence(folder: Path, text: str, *options: str) -> tuple[int, dict[str, Any]]:
    chat, out = folder / "result.json", folder / "evidence.json"
    chat.write_text(text)
    wanted = ["--messages", "1-2", "-o", str(out), "--force", *options]
    status = main(["evidence", "make", str(chat), *wanted])
    return status, json.loads(out.read_bytes()) if out.exists() else {}


def accounts(made: dict[str, Any]) -> list[str]:
    return [row["value"] for row in made["facts"]] + [row["sender"] for row in made["messages"]]


@pytest.mark.parametrize(("named", "owner"), [([], "self"), (["--self", "Sam"], "Sam")])
def test_evidence_of_a_chat_without_an_answer(named: list[str], owner: str, tmp_path: Path) -> None:
    chat = NEVER_ANSWERED["result.json"]
    status, made = evidence(tmp_path, chat, "--wrote-nothing", *named)
    assert status == 0 and accounts(made) == [owner, "Kim", "Kim", "Kim"]


def test_evidence_tells_people_of_one_name_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = SAME_NAME["result.json"]
    status, made = evidence(tmp_path, chat, "--self", "user2")
    both = ["Alex (user2)", "Alex (user1)"]
    assert status == 0 and accounts(made) == [*both, *reversed(both)]
    status, made = evidence(tmp_path, chat, "--self", "user2", "--handle", "user1=@x")
    assert status == 0 and accounts(made) == ["Alex (user2)", "@x", "@x", "Alex (user2)"]
    assert evidence(tmp_path, chat, "--self", "user2", "--handle", "Alex=@x")[0] == 2
    assert "--handle: several people are called Alex" in capsys.readouterr().err
