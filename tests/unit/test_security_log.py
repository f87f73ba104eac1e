"""No text of a chat where it should not be: output, errors, representations, what memory keeps.

The canary is put together where it is used, so that no module and no traceback holds it by itself.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from safelight import Conversation, Guard, Message, RecontactError
from safelight.cli import main
from safelight.graph import Step
from safelight.importers import read
from safelight.importers.source import open_binary

KEY = bytes(range(32))
NAIVE = datetime(2026, 1, 1)
AWARE = datetime(2026, 1, 1, tzinfo=timezone.utc)


def canary(word: str = "text") -> str:
    """A mark that stands in no file of the project."""
    return "-".join(("canary", word, str(7 * 1103)))


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that hang on it, shown or not."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [e for e in (one.__cause__, one.__context__) if e is not None]


def told(error: BaseException) -> str:
    """Everything that a log could make of an error, its hidden context included."""
    parts = list(traceback.format_exception(error))
    for one in chain(error):
        parts += [str(one), repr(one), repr(one.args), *getattr(one, "__notes__", ())]
        parts += [repr(vars(one))] if hasattr(one, "__dict__") else []
    return "\n".join(parts)


def _observe(said: Callable[[], dict[str, Any]]) -> Callable[[Guard], object]:
    def call(guard: Guard) -> object:
        known = {"sender": "peer", "text": canary(), **said()}
        return guard.conversation(canary("id")).observe(**known)

    return call


def _twice(guard: Guard) -> object:
    chat = guard.conversation(canary("id"))
    return guard.step([(chat, Message("peer", canary()))] * 2)


def _strange(guard: Guard) -> object:
    chat = Conversation(None, canary("id"), guard.conversation("c").state)  # type: ignore[arg-type]
    return guard.step([(chat, Message(canary("name"), canary()))])


def _broken_graph(guard: Guard) -> object:
    """A real graph that gives no number: the state of the chat is not one."""
    chat = guard.conversation(canary("id"))
    chat.state.hidden[:] = float("nan")
    return chat.observe(sender=canary("name"), text=canary())


FAILING: list[tuple[str, type[Exception], Callable[[Guard], object]]] = [
    ("no sender", ValueError, _observe(lambda: {"sender": ""})),
    ("a text that is bytes", ValueError, _observe(lambda: {"text": canary().encode()})),
    ("a text that is a list", ValueError, _observe(lambda: {"text": [canary()]})),
    ("a medium that is text", ValueError, _observe(lambda: {"media": canary()})),
    ("a sender that is no text", ValueError, _observe(lambda: {"sender": [canary()]})),
    ("an id that is no text", ValueError, _observe(lambda: {"id": [canary()]})),
    ("a time without a zone", ValueError, _observe(lambda: {"sent_at": NAIVE})),
    ("a time that is text", ValueError, _observe(lambda: {"sent_at": canary()})),
    ("one conversation twice", ValueError, _twice),
    ("a conversation of nobody", ValueError, _strange),
    ("a graph that gives no number", RuntimeError, _broken_graph),
    ("why of a faulty message", ValueError,
     lambda guard: guard.why([Message("peer", canary()), Message("", canary())])),
    ("a key that is text", ValueError, lambda guard: guard.recontact(canary().encode())),
    ("stored that is text", RecontactError,
     lambda guard: guard.recontact(KEY, canary().encode())),
]  # fmt: skip


@pytest.mark.parametrize("row", FAILING, ids=[row[0] for row in FAILING])
def test_no_error_holds_text_or_names(
    guard: Guard, row: tuple[str, type[Exception], Callable[[Guard], object]]
) -> None:
    _, kind, call = row
    with pytest.raises(kind) as caught:
        call(guard)
    assert "canary-" not in told(caught.value)


def test_no_representation_holds_text_or_names(guard: Guard) -> None:
    said = f"keep keep picture picture everyone coins {canary()}"
    chat = guard.conversation(canary("id"))
    message = Message(canary("name"), said, "image", AWARE)
    for _ in range(9):
        seen = guard.step([(chat, message)])[0]
    memory = guard.recontact(KEY)
    memory.add(canary("id"), handle=canary("name"), texts=[said])
    data = (f"01/02/2026, 10:00 - {canary('name')}: {canary()}\n" * 2).encode()
    opened = open_binary(io.BytesIO(data), "x")
    step = Step(guard._graph.encode(said, "image"), False, -1.0, chat.state.hidden)
    ids = ", ".join(map(str, step.chunks[0][:3]))
    shown = [chat, chat.state, message, seen, seen.reasons, seen.advice("en"), memory, guard, step]
    shown += [*read(opened), opened, guard.why([message]), chat.state.policy, guard._graph]
    for one in shown:
        assert "canary-" not in f"{one!r} {one!s}", type(one).__name__
        assert ids not in repr(one), type(one).__name__
    assert seen.level.label != "none"  # the good path was taken to its end


def test_nothing_that_python_keeps_holds_text_after_a_chat_is_dropped(guard: Guard) -> None:
    def live() -> None:
        chat = guard.conversation("c")
        memory = guard.recontact(KEY)
        for index in range(5):
            said = f"keep picture {canary()} {index}"
            chat.observe(sender=f"{canary('name')}-{index}", text=said, sent_at=AWARE)
            memory.add(f"c{index}", handle=canary("name"), texts=[said])
            guard.why([Message("peer", said)])
        with pytest.raises(ValueError, match="media"):
            chat.observe(sender="peer", text=canary(), media="hologram")
        assert len(memory) == 5

    live()
    gc.collect()
    marks = (canary(), canary("name"))
    coded = [mark.encode() for mark in marks]
    del marks  # from here on only bytes of this frame hold it, and frames are not looked at

    def held(value: object) -> bool:
        if isinstance(value, dict | tuple) and not gc.is_tracked(value):
            return any(map(held, gc.get_referents(value)))
        if isinstance(value, str):
            value = value.encode("utf-8", "replace")
        return isinstance(value, bytes | bytearray) and any(mark in value for mark in coded)

    # repr of every object would run foreign code; all that one could show are its referents.
    found = [
        type(container).__name__
        for container in gc.get_objects()
        if container is not coded and not isinstance(container, types.FrameType | types.CellType)
        for value in gc.get_referents(container)
        if held(value)
    ]
    assert found == []


def _chat(text: str, name: str = "peer") -> str:
    rows = [{"sender": name, "text": f"{text} {word}"} for word in ("keep", "picture", "everyone")]
    return json.dumps({"id": "c1", "messages": [*rows, {"sender": "self", "text": text}]}) + "\n"


def _phone(text: str, name: str) -> str:
    return f"31/12/2021, 10:00 - {name}: {text}\n31/12/2021, 10:01 - Jonas: hi\n"


def _inputs() -> dict[str, tuple[str, int]]:
    """File name → content that holds the canary as text (and as a name), and the exit status."""
    text, name = canary(), canary("name")
    telegram = {
        "name": "Alex", "type": "personal_chat", "id": 1,
        "messages": [{"id": 1, "type": "message", "date": "2024-01-01T10:00:00", "from": "Alex",
                      "from_id": "user1", "text": text}],
    }  # fmt: skip
    whole = json.dumps(telegram)
    return {
        "good.jsonl": (_chat(text), 0),
        "good.txt": (_phone(text, "Mia"), 0),
        "cut.jsonl": (_chat(text)[:-30], 3),
        "list.jsonl": (f'["{text}"]\n', 3),
        "key.jsonl": (json.dumps({text: name, "messages": [{text: 1}]}), 3),
        "media.jsonl": (json.dumps({"messages": [{"sender": name, "media": text}]}), 3),
        "offset.jsonl": (json.dumps({"messages": [{"sender": name, "offset_s": text}]}), 3),
        "number.jsonl": (json.dumps({"messages": [{"sender": [name], "text": [text]}]}), 3),
        "date.txt": (_phone(text, "Mia") + f"99/99/2021, 10:02 - {name}: {text}\n", 3),
        "before.txt": (f"{text}\n" + _phone(text, "Mia"), 3),
        "prose.txt": (f"{text}\n" * 9, 3),
        "cut.json": (whole[:-25], 3),
        "date.json": (whole.replace("2024-01-01T", f"{text}T"), 3),
        "item.json": (whole.replace('"messages": [', f'"messages": ["{text}", '), 3),
        "kind.json": (whole.replace("personal_chat", text), 3),
        "deep.json": (whole.replace('"id": 1, "mess', f'"{text}": {"[" * 5000}, "mess'), 3),
    }


INPUTS = sorted(_inputs())


@pytest.mark.parametrize("how", [("--json",), ("--json", "--why"), (), ("--why",)], ids=" ".join)
@pytest.mark.parametrize("name", INPUTS)
def test_scan_says_no_text(
    name: str, how: tuple[str, ...], tmp_path: Path, tiny_bundle: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    content, status = _inputs()[name]
    path = tmp_path / name
    path.write_text(content)
    options = ["--self", "Jonas"] if name.endswith(".txt") else []
    if name in ("date.json", "item.json", "kind.json", "deep.json", "cut.json"):
        options = ["--self", "Robin"]
    got = main(["scan", str(path), *how, *options, "--bundle", str(tiny_bundle),
                "--allow-unsigned"])  # fmt: skip
    out, err = capsys.readouterr()
    assert canary() not in out
    assert "canary-" not in err
    assert got == status or (got == 2 and "--self" in err), err
    if "--json" in how:
        assert "canary-name" not in out


WATCHED = [
    ("good", lambda: {"conversation": "a", "sender": canary("name"), "text": canary()}),
    ("media", lambda: {"conversation": "a", "sender": "peer", "media": canary()}),
    ("time", lambda: {"conversation": "a", "sender": "peer", "sent_at": canary()}),
    ("no conversation", lambda: {"sender": canary("name"), "text": canary()}),
    ("no text", lambda: {"conversation": "a", "sender": "peer", "text": [canary()]}),
    ("no sender", lambda: {"conversation": "a", "sender": [canary()], "text": canary()}),
    ("a list", lambda: [canary()]),
    ("a key", lambda: {canary(): canary()}),
    ("an id", lambda: {"conversation": "a", "sender": "peer", "id": [canary()]}),
]


def test_watch_says_no_text_and_no_name(
    tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps(make()) for _, make in WATCHED]
    lines += [canary(), lines[0][:-9], f'{{"conversation": "{canary()}' + "x" * 1_100_000]
    data = io.BytesIO("\n".join(lines).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="utf-8"))
    assert main(["watch", "--bundle", str(tiny_bundle), "--allow-unsigned"]) == 3
    out, err = capsys.readouterr()
    assert len(out.splitlines()) + len(err.splitlines()) == len(lines)
    assert len(out.splitlines()) >= 1
    assert "canary-" not in out + err


@pytest.mark.parametrize("command", ["indicators", "help-cards"])
def test_what_knows_no_chat_repeats_no_option(
    command: str, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--bundle", str(tiny_bundle), "--allow-unsigned"]
    if command == "help-cards":
        assert main([command, "--language", canary(), *options]) == 0
        with pytest.raises(SystemExit):
            main([command, "--country", canary(), *options])
    else:
        assert main([command, *options]) == 0
    out, err = capsys.readouterr()
    assert "canary-" not in out + err


def test_a_folder_a_missing_file_and_a_link_are_one_line(
    tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "chat.txt").write_text(_phone(canary(), canary("name")))
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    for name in ("", "none.txt", "loop.txt"):
        files = [str(tmp_path / name), str(tmp_path / "chat.txt")]
        assert main(["scan", *files, "--bundle", str(tiny_bundle), "--allow-unsigned"]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert "canary-" not in err
