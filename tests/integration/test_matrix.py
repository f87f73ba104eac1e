"""Safelight as a device of a Matrix account: it warns there, and nobody else can tell.

Three devices on a real server: Sam's phone and Zoe's phone, which write, and Sam's Safelight,
the command as a process of its own behind a wire that writes its requests down.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import pytest

from safelight import Guard
from safelight.advice import YOUNG

ROOT = Path(__file__).parents[2]
SAM, ZOE = "@sam:example.com", "@zoe:example.com"
WARNING, URGENT = "Take care", "Get help now"
PASSWORD = "a long password of the test"
CANARY = "zx canary 4711 in the warned chat"
#: Written to a room without encryption, so that the search is seen to find.
CONTROL = "zx control 4712 in the open room"

Lines = list[tuple[str, str]]


def risky() -> Lines:
    """The shipped sample that goes wrong; in it Zoe is the other person."""
    text = (files("safelight") / "samples" / "warning_signs.jsonl").read_text(encoding="utf-8")
    messages = json.loads(text)["messages"]
    lines = [("sam" if m["sender"] == "self" else "zoe", m["text"]) for m in messages]
    return [*lines, ("zoe", CANARY)]


def ordinary() -> Lines:
    """An everyday chat of the same shape: who writes is the same, line by line."""
    said = {
        "zoe": ["hey did you finish the maths homework", "the one on fractions, page 42",
                "question 7 makes no sense to me", "oh right, i forgot the minus",
                "practice is at five on thursday", "my mum can drive us both",
                "we could bring the cake for the team", "she says lemon or chocolate",
                "lemon it is then", "i can fetch candles too", "see you at school", "bye"],
        "sam": ["yes, last night", "it took me ages", "look at line two", "haha no worries",
                "ok i will be there", "nice, thanks", "lemon please", "perfect"],
    }  # fmt: skip
    return [(who, said[who].pop(0)) for who, _ in risky()]


def heed_ctrl_c() -> None:
    """A shell that runs the tests in the background has its children ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Receiver:
    """`safelight-matrix` as a process; what it prints is gathered in a file."""

    def __init__(self, folder: Path, url: str, password: str | None) -> None:
        self.store, self._output = folder / "store", folder / f"shown-{time.monotonic_ns()}"
        command = [sys.executable, "-m", "safelight_matrix", "--homeserver", url, "--user", SAM,
                   "--store", str(self.store), "--country", "GB"]  # fmt: skip
        paths = [str(ROOT / "model"), str(ROOT / "integrations" / "matrix")]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "300",
            "OMP_NUM_THREADS": "1",
        }
        heed_ctrl_c()
        given: list[int] = []
        if password is not None:
            reading, writing = os.pipe()
            os.write(writing, f"{password}\n".encode())
            os.close(writing)
            given, command = [reading], [*command, "--password-fd", str(reading)]
        self._file: IO[bytes] = self._output.open("wb")
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=self._file,
            stderr=subprocess.STDOUT, pass_fds=given,
        )  # fmt: skip
        for descriptor in given:
            os.close(descriptor)

    def shown(self) -> str:
        return self._output.read_text(encoding="utf-8")

    async def wait_to_show(self, text: str) -> None:
        for _ in range(1800):
            if text in self.shown():
                return
            assert self.process.poll() is None, self.shown()
            await asyncio.sleep(0.1)
        pytest.fail(f"{text!r} was not shown, but: {self.shown()}")

    async def type(self, line: str, answer: str) -> None:
        """Type a line as the person would, and wait for what it says."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()
        await self.wait_to_show(answer)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(180)
        self._file.close()
        assert self.process.stdin is not None
        self.process.stdin.close()
        return status


class Phone:
    """Another device, which writes."""

    def __init__(self, url: str, user: str, folder: Path) -> None:
        import nio

        folder.mkdir()
        self.nio: Any = nio.AsyncClient(url, user, store_path=str(folder))

    async def sign_in(self) -> None:
        await self.nio.login(PASSWORD)
        await self.nio.keys_upload()
        await self.sync()

    async def sync(self) -> None:
        await self.nio.sync(0, set_presence="offline")
        if self.nio.should_query_keys:
            await self.nio.keys_query()

    async def room(self, name: str, *, encrypted: bool) -> str:
        algorithm = {"algorithm": "m.megolm.v1.aes-sha2"}
        state = [{"type": "m.room.encryption", "state_key": "", "content": algorithm}]
        answer = await self.nio.room_create(
            name=name, invite=[SAM], initial_state=state if encrypted else []
        )
        return str(answer.room_id)

    async def say(self, room: str, text: str) -> None:
        content = {"msgtype": "m.text", "body": text}
        answer = await self.nio.room_send(
            room, "m.room.message", content, ignore_unverified_devices=True
        )
        assert hasattr(answer, "event_id"), "the message was not sent"


async def chat(lines: Lines, room: str, phones: dict[str, Phone], wire: Any) -> list[Any]:
    """Write the lines, each once the receiver listens again; return the requests it made."""
    before = len(wire.requests)
    for who, text in lines:
        position = wire.position()
        await phones[who].say(room, text)
        await asyncio.to_thread(wire.wait_for, position + 1)
    await asyncio.to_thread(wire.settle)
    return list(wire.requests[before:])


async def rooms_for(phones: dict[str, Phone], wire: Any) -> dict[str, str]:
    """Three rooms in which everybody has everybody's keys, and the receiver has read it all."""
    zoe, sam = phones["zoe"], phones["sam"]
    rooms = {
        name: await zoe.room(name, encrypted=name != "open") for name in ("risky", "calm", "open")
    }
    for room in rooms.values():
        await sam.nio.join(room)
    for phone in (zoe, sam):
        await phone.sync()
    for room in rooms.values():
        for phone in (zoe, sam):
            await phone.say(room, "hello")
    await zoe.say(rooms["open"], CONTROL)
    await sam.sync()
    latest = re.match(r"s(\d+)_", sam.nio.next_batch)
    assert latest is not None
    await asyncio.to_thread(wire.wait_for, int(latest[1]))
    return rooms


def text_of(lines: Lines) -> list[str]:
    return [text for _, text in lines]


def warning_words() -> list[str]:
    """What only a warning says: every title, action and indicator's name of the advice."""
    words = Guard.load().book.words("en")
    stages = [stage.by_audience[YOUNG] for key, stage in words.stages.items() if key != "none"]
    said = [text for stage in stages for text in (stage.title, stage.action, *stage.lines)]
    return [*said, *words.indicator_names.values()]


def test_it_warns_on_the_device_and_the_server_learns_nothing(
    tmp_path: Path, server: Any, wire: Any, holds: Any
) -> None:
    for name in ("sam", "zoe"):
        server.register(name, PASSWORD)
    warned, calm, first, second = asyncio.run(exchange(tmp_path, server, wire))
    advice = {text for text in warning_words() if text in first}

    # The device shows the rise, level by level, with advice and a help card, and no message.
    assert re.search(rf"risky.* → .*{WARNING}", first), first
    assert re.search(rf"risky.* → .*{URGENT}", first), first
    assert "calm" not in first and len(advice) >= 3 and "Childline" in first
    # After a restart the history is replayed: the level stands, and no old card is raised.
    assert re.search(rf"{URGENT}\s+risky", second), second
    assert "→" not in second and "Childline" not in second
    # What was chosen holds: the mute after the restart, "this was fine" at once.
    started, listed = second.split("no longer counts.")
    assert "open" not in started and {line.split(maxsplit=1)[1] for line in listed.split("\n")
                                      if line} == {"calm", "risky", "open  muted"}  # fmt: skip
    assert not [text for text in text_of(risky() + ordinary()) if text in first + second]

    # The wire: as many requests of the same shape, in order, whether it warned or not.
    assert len(calm) == len(ordinary())
    assert [r.shape for r in warned] == [r.shape for r in calm]
    assert {
        (r.method, re.sub(r"/rooms/[^/]+/", "/rooms/ROOM/", r.path)) for r in wire.requests
    } == {
        ("POST", "/_matrix/client/v3/login"),
        ("POST", "/_matrix/client/v3/keys/upload"),
        ("GET", "/_matrix/client/v3/sync"),
        ("GET", "/_matrix/client/v3/rooms/ROOM/messages"),
    }
    assert not [r for r in wire.requests if b"safelight" in r.whole.lower()]

    # The server: neither a line of the chats nor a word of the warning; the search does find.
    server.stop()
    assert holds(server.folder, CONTROL), "the search is blind"
    texts = [*text_of(risky() + ordinary()), *warning_words()]
    assert {text: found for text in texts if (found := holds(server.folder, text))} == {}
    # Nor does the device keep a line of them.
    assert [text for text in texts if holds(tmp_path / "store", text)] == []
    assert (tmp_path / "store").stat().st_mode & 0o077 == 0


async def exchange(folder: Path, server: Any, wire: Any) -> tuple[list[Any], list[Any], str, str]:
    """All that happens; returns the requests in both chats and what was shown in both runs."""
    phones = {
        "sam": Phone(server.url, SAM, folder / "sam"),
        "zoe": Phone(server.url, ZOE, folder / "zoe"),
    }
    receiver = Receiver(folder, wire.url, PASSWORD)
    try:
        await receiver.wait_to_show("Listening.")
        for phone in phones.values():
            await phone.sign_in()
        rooms = await rooms_for(phones, wire)
        await receiver.type("mute open", "Muted.")
        calm = await chat(ordinary(), rooms["calm"], phones, wire)
        warned = await chat(risky(), rooms["risky"], phones, wire)
        await receiver.wait_to_show(URGENT)
        assert receiver.stop() == 128 + signal.SIGINT
        first, receiver = receiver, Receiver(folder, wire.url, None)
        await receiver.wait_to_show("Listening.")
        await receiver.type("fine risky", "no longer counts")
        await receiver.type("chats", "open  muted")
        receiver.stop()
        return warned, calm, first.shown(), receiver.shown()
    finally:
        receiver.process.kill()
        for phone in phones.values():
            await phone.nio.close()
