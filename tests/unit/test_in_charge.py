"""What the interface has no way to say: no block, reply, delay or report; no lock; no callback.

Closed lists on purpose: whoever adds a name here has to read why the list is closed.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import safelight
from safelight import Arrival, Arrive, Conversation, Form, Friction, Guard, Level, Send, Settings

PACKAGE = Path(safelight.__file__).parent
#: The interface without the command line.
CORE = sorted(path for path in PACKAGE.rglob("*.py") if "cli" not in path.parts)


def names(kind: type) -> list[str]:
    assert is_dataclass(kind)
    return [field.name for field in fields(kind)]


# R5: nothing that the other side could notice ---------------------------------------------------

WORDS = ["title", "text", "go", "stay", "language", "review"]


@pytest.mark.parametrize("kind", [Friction, Arrival])
def test_a_hint_is_an_action_and_words(kind: type) -> None:
    assert names(kind) == ["kind", "action", *WORDS]
    hints = get_type_hints(kind)
    assert hints.pop("action") in (Send, Arrive)
    assert set(hints.values()) == {str}


def test_an_action_lets_through_asks_or_blurs() -> None:
    """Before sending there is no third way, and on arrival none that hides."""
    assert {action.value for action in Send} == {"allow", "ask"}
    assert {action.value for action in Arrive} == {"show", "blur", "ask"}
    assert {form.value for form in Form} == {"off", "nothing", "line", "card"}


def test_a_hint_can_hold_nothing_more(guard: Guard) -> None:
    ask = guard.conversation("c").before_send("image")
    for name in ("block", "delay_s", "reply", "report", "action"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(ask, name, True)


#: Modules that reach another process, the network, the clock, or run something later.
OUTSIDE = {
    "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "asyncio", "subprocess",
    "multiprocessing", "sched", "signal", "webbrowser", "xmlrpc", "ctypes", "logging", "time",
    "concurrent", "select", "selectors", "socketserver", "requests", "httpx", "aiohttp",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module != "urllib.parse":
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_no_module_reaches_outside_or_waits(path: Path) -> None:
    assert not imported(path) & OUTSIDE


@pytest.mark.parametrize("name", ["settings.py", "friction.py"])
def test_choices_and_hints_are_pure(name: str) -> None:
    assert imported(PACKAGE / name) <= {
        "__future__", "collections", "dataclasses", "enum", "typing", "safelight"
    }  # fmt: skip


# R3: nothing that calls back --------------------------------------------------------------------


def methods(kind: type) -> dict[str, Any]:
    """The public functions of a class, properties as their getters and setters."""
    found: dict[str, Any] = {"__init__": kind.__init__}
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(value, property):
            found[name] = value.fget
            if value.fset is not None:
                found[f"{name} ="] = value.fset
        elif isinstance(value, classmethod):
            found[name] = value.__func__
        elif inspect.isfunction(value):
            found[name] = value
    return found


def parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


INTERFACE = {
    Guard: {
        "__init__": ["bundle"],
        "load": ["path", "key", "key_id", "min_sequence", "allow_unsigned"],
        "settings": [], "settings =": ["chosen"],
        "off": [], "on": [],
        "sensitivity": [], "sensitivity =": ["chosen"],
        "discreet": [], "discreet =": ["chosen"],
        "friction": [], "friction =": ["chosen"],
        "line": ["language", "in_chat"],
        "conversation": ["id"],
        "step": ["batch", "replay"],
        "why": ["messages", "fine_after"],
        "guide": ["id", "language"],
        "recontact": ["key", "stored"],
        "replay": ["chat", "messages"],
        "snapshot": ["chat", "key", "counter"],
        "restore": ["blob", "key", "chat_id", "min_counter"],
    },
    Conversation: {
        "__init__": ["guard", "id", "state"],
        "observe": ["sender", "text", "media", "sent_at", "id", "replay"],
        "level": [], "form": [], "stage": [], "risks": [], "messages": [],
        "before_send": ["kind", "language"], "on_arrival": ["kind", "language"],
        "muted": [], "mute": [], "unmute": [], "this_was_fine": [], "wipe": [],
        "choices": [], "choices =": ["kept"], "needs_replay": [], "snapshot": ["key", "counter"],
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", list(INTERFACE))
def test_the_interface_takes_nothing_else(kind: type) -> None:
    """No PIN, no owner, no address, no function to call, no time until which something holds."""
    assert {name: parameters(f) for name, f in methods(kind).items()} == INTERFACE[kind]


def test_settings_are_four_choices_of_the_person() -> None:
    assert names(Settings) == ["on", "sensitivity", "discreet", "friction"]
    assert set(get_type_hints(Settings).values()) == {bool, str}


def test_no_public_function_takes_a_function() -> None:
    public = [getattr(safelight, name) for name in safelight.__all__]
    asked = 0
    for kind in (one for one in public if inspect.isclass(one) and not issubclass(one, Exception)):
        for function in methods(kind).values():
            for parameter in inspect.signature(function).parameters.values():
                asked += 1
                assert not any(
                    word in str(parameter.annotation)
                    for word in ("Callable", "Protocol", "Awaitable", "IO[", "Thread", "Queue")
                ), (kind, parameter)
    assert asked > 60  # the search does see them


# R4: nothing that locks -------------------------------------------------------------------------


def all_choices(guard: Guard, chat: Conversation) -> dict[str, tuple[Callable[[], object], ...]]:
    """Every switch: how to turn it one way and back, with nothing in hand but the phone."""
    return {
        "off": (guard.off, guard.on),
        "mute": (chat.mute, chat.unmute),
        "sensitivity": (
            lambda: setattr(guard, "sensitivity", "low"),
            lambda: setattr(guard, "sensitivity", "standard"),
        ),
        "discreet": (
            lambda: setattr(guard, "discreet", True),
            lambda: setattr(guard, "discreet", False),
        ),
        "friction": (
            lambda: setattr(guard, "friction", False),
            lambda: setattr(guard, "friction", True),
        ),
    }


def test_every_choice_can_be_undone_from_every_other(guard: Guard) -> None:
    chat = guard.conversation("c")
    for text in ("keep picture", "everyone coins"):
        chat.observe(sender="peer", text=text)
    start = (guard.settings, chat.muted, chat.level, chat.form)
    assert chat.level == Level.URGENT
    switches = all_choices(guard, chat)
    for first, _ in switches.values():
        first()
    for _, back in switches.values():
        back()
    assert (guard.settings, chat.muted, chat.level, chat.form) == start


HOLDERS = ["settings", "locked", "pin", "on", "managed", "sensitivity", "remote"]


@pytest.mark.parametrize("key", HOLDERS)
def test_no_bundle_can_set_or_hold_a_choice(make_bundle: Callable[..., Path], key: str) -> None:
    held = {"on": True, "sensitivity": "high", "locked": True}

    def change(manifest: dict[str, Any]) -> None:
        manifest[key] = held

    guard = Guard.load(make_bundle(change), allow_unsigned=True)
    assert guard.settings == Settings()
    guard.off()
    assert not guard.settings.on


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_nothing_is_read_from_the_surroundings(path: Path) -> None:
    """No environment, no file of a profile: a choice comes from the person through the app."""
    tree = ast.parse(path.read_text("utf-8"))
    asked = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute | ast.Name)}
    assert not asked & {"os.getenv", "getenv", "Path.home", "getpass.getuser", "winreg"}
    reads = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Subscript | ast.Call)}
    assert not [one for one in reads if one.startswith(("os.environ[", "os.environ.get("))] or (
        path.name == "graph.py"  # switches the telemetry of ONNX Runtime off
    )
