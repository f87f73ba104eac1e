"""Tables of requirements and threats name tests and files that exist; the API has no way out."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import break_once
import safelight

ROOT = Path(__file__).parents[2]
REQUIREMENTS, THREATS = "docs/requirements.md", "docs/threat_model.md"
PAGES = (REQUIREMENTS, THREATS, "SECURITY.md")
_TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(\w+)`")
_TITLED = re.compile(r"`(mobile_demo/[a-z_/]+\.test\.ts)::([^`]+)`")
_FILE = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.[a-z]+|pyproject\.toml)`")
_LINK = re.compile(r"\]\(([^)#]+)\)")
THREAT_NAMES = (
    "A controlling parent or partner",
    "Coercion to switch it off",
    "Exports used for surveillance",
    "Open weights as an oracle",
    "A malicious peer",
    "A malicious bundle",
    "A lost phone",
    "A compromised server or supply chain",
)


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def has_title(path: Path, title: str) -> bool:
    """Whether a test in TypeScript begins with this title."""
    return path.is_file() and f'("{title}", ' in path.read_text("utf-8")


def missing(text: str) -> list[str]:
    """The tests and files that a text names and that are not there."""
    gone = [
        f"{name}::{function}"
        for name, function in _TEST.findall(text)
        if not (ROOT / name).is_file() or function not in functions(ROOT / name)
    ]
    gone += [
        f"{name}::{title}"
        for name, title in _TITLED.findall(text)
        if not has_title(ROOT / name, title)
    ]
    return gone + [name for name in _FILE.findall(text) if not (ROOT / name).is_file()]


@pytest.mark.parametrize("name", PAGES)
def test_what_is_named_exists(name: str) -> None:
    text = page(name)
    assert missing(text) == []
    folder = (ROOT / name).parent
    assert [link for link in _LINK.findall(text) if not (folder / link).exists()] == []


def test_what_does_not_exist_is_noticed() -> None:
    here = "tests/unit/test_security_requirements.py"
    chat = "mobile_demo/app/tests/browser/chat.test.ts"
    text = (
        f"`{here}::test_nothing` `{here}::missing` `tests/unit/none.py::test_x` `model/none.py`"
        f"`{chat}::no such title` `{chat}::both see the same safety number`"
    )
    assert missing(text) == [
        f"{here}::test_nothing",
        "tests/unit/none.py::test_x",
        f"{chat}::no such title",
        "model/none.py",
    ]


def test_every_requirement_has_a_row_with_a_place_and_a_test() -> None:
    rows = [line.split("|")[1:-1] for line in page(REQUIREMENTS).splitlines() if line[:3] == "| R"]
    assert [row[0].strip() for row in rows] == [f"R{n}" for n in range(1, 16)]
    for number, wanted, where, tests, _ in rows:
        assert wanted.strip() and _FILE.findall(where), number
        found = _TEST.findall(tests)
        assert found and all(function.startswith("test_") for _, function in found), number


def test_every_threat_says_what_is_done_and_what_cannot_be() -> None:
    parts = page(THREATS).split("\n## ")[1:]
    assert tuple(part.partition("\n")[0] for part in parts) == THREAT_NAMES
    for part in parts:
        assert _TEST.search(part) and "\n*Cannot*: " in part, part.partition("\n")[0]


def signatures() -> Iterator[tuple[str, inspect.Signature]]:
    """Every public function and method that an app can call."""
    for name in safelight.__all__:
        thing = getattr(safelight, name)
        if inspect.isclass(thing):
            for key, member in inspect.getmembers(thing, callable):
                own = key == "__init__" or not key.startswith("_")
                if own and (getattr(member, "__module__", None) or "").startswith("safelight"):
                    yield f"{name}.{key}", inspect.signature(member)
        elif callable(thing):
            yield name, inspect.signature(thing)


def test_no_public_call_takes_a_callback() -> None:
    """Results are handed back to the caller alone: there is no place to hang an alert on."""
    found = dict(signatures())
    assert {"Guard.load", "Guard.step", "Conversation.observe", "Recontact.hints"} <= set(found)
    way_out = re.compile("Callable|Protocol|IO|Awaitable|Queue|[Uu]rl|[Hh]ost")
    for name, signature in found.items():
        for parameter in signature.parameters.values():
            said = f"{parameter.name}: {parameter.annotation}"
            assert not way_out.search(said), f"{name}({said})"
            assert not parameter.name.startswith("on_"), f"{name}({said})"


def test_nothing_asks_who_somebody_is() -> None:
    asked = {"age", "birthday", "account", "email", "phone", "user", "user_id", "pin", "password"}
    for name, signature in signatures():
        assert not asked & set(signature.parameters), name


def test_what_is_broken_once_is_still_there_to_break() -> None:
    for one in break_once.BREAKS:
        assert (ROOT / one.file).read_text("utf-8").count(one.old) >= 1, one.requirement
    assert {one.requirement for one in break_once.BREAKS} == {f"R{n}" for n in range(1, 16)}
