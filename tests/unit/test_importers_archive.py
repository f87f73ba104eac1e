"""A zip archive as phones hand it over: the chat in it is read as if it lay beside it."""

from __future__ import annotations

import os
import threading
import zipfile
from pathlib import Path

import pytest

from exports import EXPORTS, chats, messages, problems
from safelight.cli import main
from safelight.importers import Record, read
from safelight.importers.source import open_path

CHAT = (EXPORTS / "android_en_us_12h.txt").read_text("utf-8")
PICTURE = b"\xff\xd8\xff" + bytes(500)


def packed(path: Path, *names: str, how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name in names:
            archive.writestr(name, CHAT if name.endswith("txt") else PICTURE)
    return path


def records(path: Path) -> list[Record]:
    opened = open_path(str(path))
    try:
        return list(read(opened))
    finally:
        opened.close()


@pytest.mark.parametrize(
    "names",
    [
        ("_chat.txt",),
        ("_chat.txt", "00000007-PHOTO-2024-01-15.jpg", "00000009-notes.txt"),
        ("WhatsApp Chat with Kim.txt", "IMG-20240115-WA0001.jpg", "shopping.txt"),
        ("__MACOSX/._chat.txt", "export/chat.txt"),
        ("._chat.txt", "chat.txt"),
        ("WhatsApp Chat with Kim.txt", "_chat.txt"),  # sent by somebody
    ],
)
@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_the_chat_is_read_with_its_media_beside_it(
    tmp_path: Path, names: tuple[str, ...], how: int
) -> None:
    alone = tmp_path / "WhatsApp Chat with Kim.txt"
    alone.write_text(CHAT, "utf-8")
    archive = packed(alone.with_suffix(".zip"), *names, how=how)
    found, expected = records(archive), records(alone)
    assert problems(found) == problems(expected) == []
    assert messages(found) == messages(expected)
    assert chats(found) == chats(expected)


@pytest.mark.parametrize("stem", ["WhatsApp Chat with Kim (1)", "WhatsApp Chat with Kim(12)"])
def test_a_second_copy_has_the_name_of_the_first(tmp_path: Path, stem: str) -> None:
    names = ("WhatsApp Chat with Kim.txt", "timetable.txt")
    archive = tmp_path / f"{stem}.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name in names:
            made.writestr(name, CHAT if name != "timetable.txt" else "maths at nine")
    assert problems(records(archive)) == []
    assert len(messages(records(archive))) == 8


@pytest.mark.parametrize(
    ("fixture", "name", "others"),
    [
        ("telegram_chat.json", "ChatExport/result.json", ("ChatExport/files/notes.txt",)),
        ("telegram_chat.json", "ChatExport/result.json", ("ChatExport/files/_chat.txt",)),
        ("telegram_chat.json", "ChatExport/result.json", ("ChatExport/files/x.txt",)),
        ("telegram_chat.json", "result.json", ("._result.json", "__MACOSX/._result.json")),
        ("signal_own_export.jsonl", "x/main.jsonl", ("x/metadata.json", "x/files/aa/bb.txt")),
    ],
)
def test_the_chat_of_other_apps_is_known_by_its_name(
    tmp_path: Path, fixture: str, name: str, others: tuple[str, ...]
) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        for other in others:
            made.writestr(other, CHAT)
        made.writestr(name, (EXPORTS / fixture).read_bytes())
    found = records(tmp_path / "x.zip")
    assert problems(found) == []
    assert messages(found) == messages(records(EXPORTS / fixture)) != []


def test_an_archive_of_web_pages_says_what_to_give_instead(tmp_path: Path) -> None:
    archive = packed(tmp_path / "x.zip", "messages/inbox/ana_1/message_1.html", "media/a.jpg")
    (problem,) = problems(records(archive))
    assert "export the chat again as JSON" in problem.what and problem.refused == 1


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (("a.jpg",), "no text"),
        (("a.txt", "b.txt"), "several texts"),
        (("a/_chat.txt", "b/_chat.txt"), "several texts"),
        (("WhatsApp Chat with Kim.txt", "result.json"), "several texts"),  # renamed
    ],
)
def test_an_archive_without_the_one_chat_is_refused(
    tmp_path: Path, names: tuple[str, ...], what: str
) -> None:
    (problem,) = problems(records(packed(tmp_path / "x.zip", *names)))
    assert problem.refused == 1
    assert what in problem.what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_has_a_name_is_read_as_a_file_is(tmp_path: Path) -> None:
    pipe, alone = tmp_path / "pipe", tmp_path / "chat.txt"
    alone.write_text(CHAT, "utf-8")
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(CHAT, "utf-8"))
    writer.start()
    found = records(pipe)
    writer.join()
    assert messages(found) == messages(records(alone)) != []


def test_a_damaged_archive_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = packed(tmp_path / "x.zip", "_chat.txt").read_bytes()
    for damaged in (whole[:-30], whole[:60] + bytes(40) + whole[100:]):
        (tmp_path / "x.zip").write_bytes(damaged)
        (problem,) = problems(records(tmp_path / "x.zip"))
        assert (problem.what.partition(";")[0], problem.refused) == ("a damaged zip archive", 1)


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path / "x.zip", "_chat.txt")
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag in the list of members
    archive.write_bytes(data)
    (problem,) = problems(records(archive))
    assert "locked" in problem.what


def test_scan_takes_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = packed(tmp_path / "WhatsApp Chat with Kim.zip", "_chat.txt", "a.jpg")
    people = sorted({m.sender for m in messages(records(archive))})
    assert main(["scan", str(archive), "--self", people[0], "--json"]) == 0
    assert "WhatsApp Chat with Kim" in capsys.readouterr().out
