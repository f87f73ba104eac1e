"""What a person chooses in the Matrix client: typed in one line, held at once, kept in one file."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from safelight import Guard, Level
from safelight.settings import Settings
from safelight_matrix.choices import FILE, Choices, load
from safelight_matrix.cli import main
from safelight_matrix.commands import HELP, Commands
from safelight_matrix.events import Arrived
from safelight_matrix.session import SessionError
from safelight_matrix.show import Screen
from safelight_matrix.watch import Watch

ROOT = Path(__file__).parents[2]
ZOE, MAX = "!zoe:example.com", "!max:example.com"
NAMES = {ZOE: "Zoe", MAX: "Max"}
DISCREET, MUTED_URGENT = "discreet\n", "Zoe: muted urgent\n"


class Client:
    """The command but for the network: messages in, lines typed, and what is shown."""

    def __init__(self, load_guard: Callable[[], Guard], folder: Path) -> None:
        chosen = load(folder)
        self.guard, self._shown, self._at = load_guard(), io.StringIO(), 0
        self.guard.settings = chosen.settings
        console = Console(file=self._shown, width=200, color_system=None)
        screen = Screen(console, self.guard.book, "en", "AA")
        self.watch = Watch(self.guard, "@sam:example.com", screen, chosen)
        self._commands = Commands(self.guard, self.watch, screen, folder)

    def reads(self, *texts: str, room: str = ZOE, old: bool = False, first: int = 0) -> str:
        """Messages of the peer, with ids from `first` on."""
        for number, text in enumerate(texts, start=first):
            event = {
                "type": "m.room.message",
                "sender": "@zoe:example.com",
                "event_id": f"${number}",
                "content": {"msgtype": "m.text", "body": text},
            }
            self.watch.take(Arrived(room, event, old), NAMES[room])
        return self._new()

    def types(self, line: str) -> str:
        self._commands.obey(line)
        return self._new()

    def starts(self) -> str:
        self.watch.listening()
        return self._new()

    def _new(self) -> str:
        whole, start = self._shown.getvalue(), self._at
        self._at = len(whole)
        return whole[start:]


@pytest.fixture
def new(tiny_bundle: Path, tmp_path: Path) -> Callable[[], Client]:
    """Start the client anew over one store."""
    folder = tmp_path / "store"
    folder.mkdir(exist_ok=True)
    return lambda: Client(lambda: Guard.load(tiny_bundle, allow_unsigned=True), folder)


def test_off_reads_and_shows_nothing_until_on_and_after_a_restart(
    new: Callable[[], Client],
) -> None:
    client = new()
    assert client.types("off") == "Off: nothing is read and nothing is shown.\n"
    assert client.reads("keep the picture", "coins everyone") == ""
    assert client.types("open Zoe") == "There is nothing to show.\n"
    again = new()
    assert again.reads("keep the picture", old=True) == ""
    assert again.starts() == "Off: nothing is read and nothing is shown.\n"
    assert again.types("on").startswith("On. What came meanwhile")
    assert "Urgent" in again.reads("coins everyone")
    assert new().guard.settings.on
    assert again.types("on") == "On.\n"


def test_a_muted_chat_shows_one_closed_line_at_urgent_alone(new: Callable[[], Client]) -> None:
    client = new()
    client.reads("hello")
    assert client.types("mute zoe") == "Muted.\n"
    for started in (client, new()):
        started.reads("hello")
        assert started.reads("keep the picture") == ""
        assert started.types("open zoe") == "There is nothing to show.\n"
        assert started.reads("coins everyone") == MUTED_URGENT
        assert started.types("open") == started.types("open Zoe")
        assert "Action" in started.types("open 1")
        assert "Max" in started.reads("keep the picture", room=MAX)
    assert client.types("unmute 1") == "No longer muted.\n"
    assert client.reads("hello", "hello") == ""  # no new card for what was hidden
    # The card is that of now: its level was hidden when the latest message came.
    client.types("mute Max")
    client.reads("hello", room=MAX)
    client.types("unmute Max")
    opened = client.types("open Max")
    assert "Warning" in opened and "Title request" in opened
    assert new().watch.muted == frozenset()


def test_a_muted_chat_starts_with_its_closed_line(new: Callable[[], Client]) -> None:
    client = new()
    client.reads("hello")
    client.types("mute Zoe")
    again = new()
    again.reads("keep the picture", "coins everyone", old=True)
    assert again.starts().startswith(f"{MUTED_URGENT}Listening.")


def test_that_was_fine_holds_after_a_restart_and_new_signs_count(
    new: Callable[[], Client], tmp_path: Path
) -> None:
    client = new()
    client.reads("keep the picture", "hello")
    assert client.watch.chats()[0][1].level == Level.WARNING
    assert client.types("fine Zoe") == "What was noticed so far in this chat no longer counts.\n"
    assert client.watch.chats()[0][1].level == Level.NONE
    assert client.types("open Zoe") == "There is nothing to show.\n"
    assert client.reads("hello", first=2) == ""
    again = new()
    again.reads("keep the picture", "hello", "hello", old=True)
    assert again.starts().startswith("Listening.")
    assert "Urgent" in again.reads("coins everyone", first=3)
    # Without the file the same history stands at a warning.
    (tmp_path / "store" / FILE).unlink()
    bare = new()
    bare.reads("keep the picture", "hello", "hello", old=True)
    assert "Warning  Zoe" in bare.starts()


def test_sensitivity_is_kept_and_judges_the_next_message(new: Callable[[], Client]) -> None:
    client = new()
    for chosen in ("high", "low"):
        assert client.types(f"Sensitivity {chosen}").startswith(f"Sensitivity: {chosen}")
        assert client.guard.sensitivity == new().guard.sensitivity == chosen


def test_discreet_names_no_chat_and_says_nothing_of_it(new: Callable[[], Client]) -> None:
    client = new()
    client.types("discreet")
    assert client.reads("keep the picture") == DISCREET
    assert client.reads("coins everyone") == DISCREET
    assert client.reads("keep the picture", room=MAX) == DISCREET
    assert client.reads(*["hello"] * 40, room=MAX) == ""  # levels fall without a word
    assert client.types("chats") == "  1  Zoe\n  2  Max\n"
    assert "Zoe" in client.types("open 1")
    again = new()
    for room in (ZOE, MAX):
        again.reads("keep the picture", room=room, old=True)
    assert again.starts().startswith(f"{DISCREET}Listening.")
    assert "Max" in again.types("open")
    assert again.types("cards") == "Cards from now on.\n"
    assert "Urgent" in again.types("chats") + again.reads("coins everyone")


def test_chats_say_their_level_and_mute(new: Callable[[], Client]) -> None:
    client = new()
    assert client.types("chats") == "No chat was read yet.\n"
    client.reads("keep the picture")
    client.reads("hello", room=MAX)
    client.types("mute 2")
    first, second = client.types("chats").splitlines()
    assert first.endswith("Warning") and first.startswith("  1  Zoe")
    assert second == "  2  Max  muted"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", ""),
        ("   ", ""),
        ("help", f"{HELP}\n"),
        ("mute", "Not understood: type help.\n"),
        ("off now", "Not understood: type help.\n"),
        ("sensitivity extreme", "Not understood: type help.\n"),
        ("mute Ann", "No such chat.\n"),
        ("mute 0", "No such chat.\n"),
        ("mute 3", "No such chat.\n"),
        ("mute ²", "No such chat.\n"),
        ("open", "There is nothing to show.\n"),
        ("\x1b[2J", "Not understood: type help.\n"),
    ],
)
def test_what_is_typed(new: Callable[[], Client], line: str, said: str) -> None:
    client = new()
    client.reads("hello")
    client.reads("hello", room=MAX)
    assert client.types(line) == said
    assert new().guard.settings == Settings() and new().watch.muted == frozenset()


def test_two_chats_of_one_name_are_told_apart_by_number(
    new: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, MAX, "zoe")
    client = new()
    client.reads("hello")
    client.reads("hello", room=MAX)
    assert client.types("mute Zoe") == "Several chats are called that: give the number.\n"
    client.types("mute 2")
    assert client.watch.muted == {MAX}


def test_the_file_is_the_persons_and_holds_choices_alone(
    new: Callable[[], Client], tmp_path: Path
) -> None:
    client = new()
    client.reads("keep the picture", "coins everyone")
    for line in ("mute Zoe", "fine Zoe", "discreet", "sensitivity low"):
        client.types(line)
    path = tmp_path / "store" / FILE
    assert path.stat().st_mode & 0o077 == 0
    assert [found.name for found in path.parent.iterdir()] == [FILE]
    assert json.loads(path.read_text()) == {
        "format": 1,
        "on": True,
        "sensitivity": "low",
        "discreet": True,
        "muted": [ZOE],
        "fine": {ZOE: "$1"},
    }


def test_a_store_that_cannot_be_written_is_said(new: Callable[[], Client], tmp_path: Path) -> None:
    client = new()
    (tmp_path / "store").rmdir()
    assert client.types("discreet").endswith("cannot be kept: the store cannot be written.\n")
    assert client.guard.discreet


GOOD = {"format": 1, "on": False, "sensitivity": "high", "discreet": True, "muted": ["!r"],
        "fine": {"!r": "$1"}}  # fmt: skip


def test_a_file_written_by_hand_is_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(GOOD))
    found = load(tmp_path)
    assert found.settings == Settings(on=False, sensitivity="high", discreet=True)
    assert (found.muted, found.fine) == ({"!r"}, {"!r": "$1"})
    assert "!r" not in repr(found)
    found.save(tmp_path)
    assert load(tmp_path) == found


@pytest.mark.parametrize(
    "damage",
    [
        {"on": "no"},
        {"sensitivity": "extreme"},
        {"sensitivity": ["low"]},
        {"discreet": 1},
        {"muted": "!r"},
        {"muted": [1]},
        {"fine": [["!r", "$1"]]},
        {"fine": {"!r": 1}},
        {"format": 2},
        {"locked": True},
    ],
)
def test_a_damaged_file_is_refused_and_switches_nothing_on(
    tmp_path: Path, damage: dict[str, object]
) -> None:
    for text in (json.dumps({**GOOD, **damage}), json.dumps(GOOD)[:-9], "[]", ""):
        (tmp_path / FILE).write_text(text)
        with pytest.raises(SessionError, match="damaged"):
            load(tmp_path)


def test_none_chosen() -> None:
    assert load(Path("/nonexistent")) == Choices()


def test_help_tells_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert HELP in capsys.readouterr().out


LISTENS = """
import asyncio
from safelight_matrix import typed
async def main():
    lines = asyncio.Queue()
    typed.listen(lines.put_nowait)
    for _ in range(3):
        print(repr(await lines.get()), flush=True)
asyncio.run(main())
"""


def test_lines_are_read_beside_the_rest_and_never_hold_up_the_end() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "integrations" / "matrix")}
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENS], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("mute Zoë\r\n".encode() + b"o")
    process.stdin.flush()
    assert process.stdout.readline() == "'mute Zoë'\n".encode()
    process.stdin.write(b"ff\n\xff" + b"x" * 5_000 + b"\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"'off'\n"
    assert len(process.stdout.readline()) < 1_100
    assert process.wait(60) == 0  # its input is still open
    process.stdin.close()
    process.stdout.close()
