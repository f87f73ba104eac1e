"""The Matrix integration without a server: what is read, what is shown, what is kept."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nio
import pytest
from nio.crypto import OutboundGroupSession
from rich.console import Console

from safelight import Guard
from safelight_matrix import client
from safelight_matrix.choices import Choices
from safelight_matrix.cli import main
from safelight_matrix.client import Device
from safelight_matrix.events import Arrived, to_message
from safelight_matrix.session import Session, SessionError, load, open_folder
from safelight_matrix.show import Screen
from safelight_matrix.watch import Watch

ROOT = Path(__file__).parents[2]
SAM, ZOE, ROOM = "@sam:example.com", "@zoe:example.com", "!r:example.com"
SERVER = "https://matrix.example.com"
TEXT = {"msgtype": "m.text", "body": "hello"}
EDIT = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}
REPLY = {"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}
GONE = {"redacted_because": {"type": "m.room.redaction"}}
QUOTED = "> <@sam:example.com> keep\n> picture\n\nhello"
VOICE = {"msgtype": "m.audio", "body": "note.ogg", "org.matrix.msc3245.voice": {}}


def event(content: Any, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    head = {"type": kind, "sender": ZOE, "event_id": "$2", "origin_server_ts": 1_767_225_600_000}
    return {**head, "content": content, **more}


def image(**more: str) -> dict[str, str]:
    return {"msgtype": "m.image", "body": "IMG_1.jpg", **more}


@pytest.mark.parametrize(
    ("found", "text", "media"),
    [
        (event(TEXT), "hello", None),
        (event({**TEXT, "msgtype": "m.notice"}), "hello", None),
        (event({**TEXT, "msgtype": "m.emote"}), "hello", None),
        (event({**TEXT, "msgtype": "org.example.new"}), "hello", None),
        (event({**TEXT, "body": "half \ud800"}), "half ?", None),
        (event(image()), "", "image"),
        (event(image(filename="IMG_1.jpg")), "", "image"),
        (event(image(filename="IMG_1.jpg", body="hello")), "hello", "image"),
        (event({"msgtype": "m.video", "body": "a.mp4"}), "", "video"),
        (event(VOICE), "", "voice"),
        (event({"msgtype": "m.audio", "body": "song.mp3"}), "", "file"),
        (event({"msgtype": "m.file", "body": "a.pdf"}), "", "file"),
        (event({"msgtype": "m.location", "body": "the old mill"}), "the old mill", "location"),
        (event({"body": "wave"}, "m.sticker"), "", "sticker"),
        (event({"call_id": "1"}, "m.call.invite"), "", "call"),
        # An edit is a message of its own; a deletion leaves only the fact.
        (event({**TEXT, "body": "* new", **EDIT, "m.new_content": {**TEXT, "body": "new"}}),
         "new", None),
        (event({}, unsigned=GONE), "", "deleted"),
        (event({}, "m.room.encrypted", unsigned=GONE), "", "deleted"),
        # A reply repeats another's words first, in older clients.
        (event({**TEXT, "body": QUOTED, **REPLY}), "hello", None),
        (event({**TEXT, "body": QUOTED}), QUOTED, None),
        (event({**TEXT, "body": "> <@sam:example.com> only", **REPLY}), "", None),
    ],
)  # fmt: skip
def test_events_that_are_messages(found: dict[str, Any], text: str, media: str | None) -> None:
    message = to_message(found, SAM)
    assert message is not None
    assert (message.sender, message.text, message.media, message.id) == (ZOE, text, media, "$2")
    assert message.sent_at == datetime(2026, 1, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "found",
    [
        {},
        event(TEXT, sender=7),
        event(TEXT, sender=""),
        event(TEXT, sender="self"),
        event(None),
        event({"msgtype": ["m.text"], "body": "hello"}),
        event({"msgtype": "m.text", "body": 5}),
        event({"msgtype": "m.key.verification.request", "body": "hello"}),
        event({"ciphertext": "…"}, "m.room.encrypted"),
        event({"name": "hello"}, "m.room.name"),
        event({"m.relates_to": {"rel_type": "m.annotation", "key": "+"}}, "m.reaction"),
        event({}, "m.room.redaction", redacts="$1"),
        event({}, "m.room.topic", unsigned=GONE),
        event({}, ["m.room.message"]),
        event({}, ["m.room.message"], unsigned=GONE),
    ],
)
def test_events_that_are_none(found: dict[str, Any]) -> None:
    assert to_message(found, SAM) is None


@pytest.mark.parametrize("moment", [None, "now", True, -(10**18), 10**18, 1.5])
def test_a_time_that_is_none_is_unknown(moment: Any) -> None:
    message = to_message(event(TEXT, origin_server_ts=moment), SAM)
    assert message is not None and message.sent_at is None


def test_every_other_sender_is_a_peer_by_id() -> None:
    senders = [SAM, ZOE, "@sam:elsewhere.example"]
    seen = [to_message(event(TEXT, sender=sender), SAM) for sender in senders]
    names = [message.sender for message in seen if message is not None]
    assert names == ["self", ZOE, "@sam:elsewhere.example"]


def watch(guard: Guard) -> tuple[Watch, io.StringIO]:
    shown = io.StringIO()
    console = Console(file=shown, width=200, color_system=None)
    return Watch(guard, SAM, Screen(console, guard.book, "en", "AA"), Choices()), shown


def arrived(text: str, *, room: str = ROOM, old: bool = False) -> Arrived:
    return Arrived(room, event({**TEXT, "body": text}), old)


def test_only_changes_are_shown_and_no_text(guard: Guard) -> None:
    watching, shown = watch(guard)
    watching.take(arrived("hello how are you"), "Zoe")
    assert shown.getvalue() == ""
    watching.take(arrived("keep the picture"), "Zoe")
    watching.take(arrived("coins everyone"), "Zoe")
    first = shown.getvalue()
    assert "Zoe" in first and "→ Action" in first and "can be wrong" in first
    assert "Aa-Line" in first and "555-0100" in first
    assert not [word for word in ("keep", "coins", "hello") if word in first]
    watching.take(arrived("coins everyone"), "Zoe")
    assert shown.getvalue() == first


def test_history_raises_no_card_and_the_level_stands(guard: Guard) -> None:
    watching, shown = watch(guard)
    for text in ("keep the picture", "coins everyone"):
        watching.take(arrived(text, old=True), "Zoe")
        watching.take(arrived("hello", room="!other:example.com", old=True), "Max")
    assert shown.getvalue() == ""
    watching.listening()
    line, last = shown.getvalue().splitlines()
    assert line.endswith("Urgent  Zoe") and last.startswith("Listening.")
    watching.take(arrived("coins everyone"), "Zoe")
    assert len(shown.getvalue().splitlines()) == 2


def test_what_cannot_be_read_is_said_once_a_room(guard: Guard) -> None:
    watching, shown = watch(guard)
    locked = event({"ciphertext": "…"}, "m.room.encrypted")
    for _ in range(2):
        watching.take(Arrived(ROOM, locked, True), "Zoe")
    watching.listening()
    assert shown.getvalue().startswith("2 older messages cannot be read")
    before = shown.getvalue()
    for _ in range(2):
        watching.take(Arrived(ROOM, locked, False), "Zoe")
    assert shown.getvalue() == before + "Zoe: some messages cannot be read on this device.\n"


def test_a_language_that_is_not_known_is_said_once_a_room() -> None:
    watching, shown = watch(Guard.load())
    for number in range(12):
        text = f"cześć, co dzisiaj robisz po szkole? numer {number}, bo nudzi mi się w domu"
        watching.take(arrived(text, old=number < 6), "Ola")
        watching.take(arrived("see you at practice tonight", room="!other:example.com"), "Max")
    assert shown.getvalue().count("in a language that Safelight does not know") == 1
    assert shown.getvalue().startswith("Ola: ")


SENDER_KEY, FINGERPRINT = "K" * 43, "F" * 43


def locked_event() -> tuple[nio.MegolmEvent, str, str]:
    """A message that cannot be read yet, and id and secret of the key that it waits for."""
    key = OutboundGroupSession()
    key.mark_as_shared()
    secret, payload = key.session_key, {"type": "m.room.message", "content": TEXT, "room_id": ROOM}
    locked = nio.MegolmEvent.from_dict(event({
        "algorithm": "m.megolm.v1.aes-sha2", "sender_key": SENDER_KEY, "session_id": key.id,
        "device_id": "PHONE", "ciphertext": key.encrypt(json.dumps(payload)),
    }, "m.room.encrypted"))  # fmt: skip
    locked.room_id = ROOM
    return locked, key.id, secret


class Answering(Device):
    """A device whose server gives these answers, in turn."""

    answers: list[Any]

    async def _ask(self, call: Any, wanted: Any) -> Any:
        return self.answers.pop(0)

    async def _keep_keys(self) -> None:
        """No server takes them."""


def synced(*events: Any, limited: bool = False) -> Any:
    timeline = SimpleNamespace(prev_batch="before", limited=limited, events=list(events))
    room = {ROOM: SimpleNamespace(timeline=timeline)}
    return SimpleNamespace(to_device_events=[], rooms=SimpleNamespace(join=room))


def in_a_gap(
    tmp_path: Path, *pages: list[Any], history: int = 0
) -> tuple[Answering, list[Arrived], list[str]]:
    """What a device gives of a gap that the server tells in these pages, and what it says."""
    said: list[str] = []
    device = Answering(Session(SERVER, SAM, "DEVICE", "syt_secret"), tmp_path, said.append)
    device._known = {ROOM}
    chunks = [
        SimpleNamespace(chunk=page, end=str(n) if n + 1 < len(pages) else None)
        for n, page in enumerate(pages)
    ]
    device.answers = [synced(limited=True), *chunks]
    return device, asyncio.run(device.arrived(history)), said


def test_what_came_in_a_gap_is_read_whatever_history_is_asked_for(tmp_path: Path) -> None:
    told = [nio.RoomMessageText.from_dict(event({**TEXT, "body": str(n)})) for n in range(4)]
    _, found, said = in_a_gap(tmp_path, [told[3], told[2]], [told[1], told[0]])
    assert [one.event["content"]["body"] for one in found] == ["0", "1", "2", "3"]
    assert not any(one.old for one in found)
    assert said == []


def test_of_a_gap_that_is_too_long_it_says_that_some_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_GAP", 1)
    told = [nio.RoomMessageText.from_dict(event({**TEXT, "body": str(n)})) for n in range(2)]
    _, found, said = in_a_gap(tmp_path, [told[1]], [told[0]])
    assert [one.event["content"]["body"] for one in found] == ["1"]
    assert len(said) == 1 and "left out" in said[0]


def test_a_message_in_a_gap_whose_key_comes_late_is_read_then(tmp_path: Path) -> None:
    locked, key, secret = locked_event()
    device, (first,), _ = in_a_gap(tmp_path, [locked])
    assert to_message(first.event, SAM) is None
    device._nio.olm.create_group_session(SENDER_KEY, FINGERPRINT, ROOM, key, secret)
    (found,) = device._unlocked()
    message = to_message(found.event, SAM)
    assert message is not None and message.text == "hello"


def test_a_message_whose_key_comes_late_is_read_then(tmp_path: Path) -> None:
    device = Device(Session(SERVER, SAM, "DEVICE", "syt_secret"), tmp_path, print)
    locked, key, secret = locked_event()
    device._lock(locked)
    assert device._unlocked() == []
    device._nio.olm.create_group_session(SENDER_KEY, FINGERPRINT, ROOM, key, secret)
    (found,) = device._unlocked()
    message = to_message(found.event, SAM)
    assert (found.room, found.old) == (ROOM, False)
    assert message is not None and (message.sender, message.text) == (ZOE, "hello")
    assert device._unlocked() == []


def test_a_name_cannot_steer_the_terminal(guard: Guard) -> None:
    watching, shown = watch(guard)
    watching.take(arrived("keep the picture"), "Zoe\x1b[2J")
    assert "Zoe" in shown.getvalue() and "\x1b" not in shown.getvalue()


def test_no_repr_holds_text_or_token() -> None:
    session = Session(SERVER, SAM, "DEVICE", "syt_secret")
    assert "syt_secret" not in repr(session)
    assert "hello" not in repr(arrived("hello")) + repr(to_message(event(TEXT), SAM))


def test_a_session_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "store"
    open_folder(folder)
    assert load(folder, SERVER, SAM) is None
    session = Session(SERVER, SAM, "DEVICE", "syt_secret")
    session.save(folder)
    assert load(folder, SERVER, SAM) == session
    assert [path.name for path in folder.iterdir()] == ["session.json"]
    assert (folder / "session.json").stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"homeserver": 1}', '{"user": "@sam"'])
def test_a_damaged_session_is_refused(tmp_path: Path, damage: str) -> None:
    (tmp_path / "session.json").write_text(damage)
    with pytest.raises(SessionError, match="damaged"):
        load(tmp_path, SERVER, SAM)


@pytest.mark.parametrize(("server", "user"), [(SERVER, ZOE), ("https://b.example", SAM)])
def test_a_session_of_another_is_refused(tmp_path: Path, server: str, user: str) -> None:
    Session(SERVER, SAM, "DEVICE", "syt_secret").save(tmp_path)
    with pytest.raises(SessionError, match="another user or server"):
        load(tmp_path, server, user)


def test_an_open_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(SessionError, match="chmod 700"):
        open_folder(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--homeserver": "matrix.example.com"}, "https://matrix.example.com"),
        ({"--homeserver": "http://matrix.example.com"}, "use https"),
        ({"--user": "sam"}, "@sam:example.com"),
        ({"--history": "-1"}, "whole number"),
        ({"--country": "GBR"}, "two letters"),
    ],
)
def test_bad_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], said: str
) -> None:
    options = {"--homeserver": SERVER, "--user": SAM, "--store": str(tmp_path / "s"), **changed}
    with pytest.raises(SystemExit) as ended:
        main([f"{name}={value}" for name, value in options.items()])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err and not (tmp_path / "s").exists()


def test_nobody_to_ask_for_the_password(tmp_path: Path) -> None:
    paths = [str(ROOT / "model"), str(ROOT / "integrations" / "matrix")]
    command = [sys.executable, "-m", "safelight_matrix", "--homeserver", SERVER, "--user", SAM,
               "--store", str(tmp_path / "store")]  # fmt: skip
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "safelight-matrix: no terminal to ask for the password on: give --password-fd"
    ]


def test_the_wheel_is_the_integration_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    project = ROOT / "integrations" / "matrix"
    subprocess.run([*command, str(tmp_path), str(project)], check=True, capture_output=True)
    names = zipfile.ZipFile(next(tmp_path.glob("safelight_matrix-*.whl"))).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"safelight_matrix"}
    inside = {Path(name).name for name in names if name.startswith("safelight_matrix/")}
    assert inside == {p.name for p in (project / "safelight_matrix").iterdir() if p.is_file()}
