"""The guides for other platforms name what exists. Their TypeScript is run by the SDK's tests."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import onnxruntime
import pytest

from safelight import Assessment, Conversation, Guard
from safelight.guard import SHIPPED

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "integrate"
PAGES = {path.name: path.read_text("utf-8") for path in sorted(DOCS.glob("*.md"))}
PLATFORMS = ("android.md", "ios.md", "react-native.md", "electron.md", "matrix.md")
#: Snippets that run the graph themselves, and the calls that create the tensors of its inputs.
NATIVE = {"android.md": r'"(\w+)" to \w+\(', "ios.md": r'"(\w+)": tensor\('}
#: Where a page pins ONNX Runtime, and how each package manager writes the range.
PINS = {
    "README.md": ">={low},<{high}",
    "android.md": "[{low}, {high}[",
    "ios.md": "'>= {low}', '< {high}'",
    "react-native.md": "'>= {low}', '< {high}'",
    "electron.md": ">={low} <{high}",
}
_CODE = re.compile(r"^```.*?^```", re.M | re.S)
_LINK = re.compile(r"\]\(([^)]+)\)")
_CALL = re.compile(r"\b(guard|Guard|chat|seen)\??\.([A-Za-z_]+)\b(?!\.ts)")
_FILE = re.compile(r"`((?:tests|model|integrations)/[\w/.]+\.\w+)`")
_FIGURE = re.compile(r"\d[\d.,]*\s?(?:ms|milliseconds|seconds|kB|MB|GB)\b")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings."""
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken(page: str, text: str) -> list[str]:
    """The links of a page that lead nowhere."""
    wrong = []
    for link in _LINK.findall(_CODE.sub("", text)):
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        target = DOCS / (path or page)
        lost = anchor and anchor not in anchors(target.read_text("utf-8"))
        if not target.exists() or lost:
            wrong.append(link)
    return wrong


def unknown(text: str) -> set[str]:
    """The calls that the public interface does not have; camelCase is that of TypeScript."""
    names = {"guard": Guard, "Guard": Guard, "chat": Conversation, "seen": Assessment}
    shown = {field.name for field in fields(Assessment)}
    found = set()
    for thing, name in _CALL.findall(text):
        snake = re.sub(r"(?<=[a-z])([A-Z])", lambda match: "_" + match[1].lower(), name)
        if not hasattr(names[thing], snake) and not (thing == "seen" and snake in shown):
            found.add(f"{thing}.{name}")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    assert broken(page, PAGES[page]) == []


@pytest.mark.parametrize("page", PAGES)
def test_calls_are_those_of_the_public_interface(page: str) -> None:
    assert unknown(PAGES[page]) <= {"guard.ts"}


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    assert [name for name in _FILE.findall(PAGES[page]) if not (ROOT / name).is_file()] == []


def test_what_is_wrong_is_noticed() -> None:
    text = "[a](none.md) [b](settings.md#none) `guard.tellParents()` `seen.score` `chat.mute()`"
    assert broken("README.md", text) == ["none.md", "settings.md#none"]
    assert unknown(text) == {"guard.tellParents", "seen.score"}
    assert _FIGURE.findall("in 3 ms, of 17.9 MB") == ["3 ms", "17.9 MB"]


@pytest.mark.parametrize(("page", "inputs"), NATIVE.items())
def test_native_snippets_name_the_inputs_and_outputs_of_the_graph(page: str, inputs: str) -> None:
    session = onnxruntime.InferenceSession(
        SHIPPED / "model.onnx", providers=["CPUExecutionProvider"]
    )
    text = PAGES[page]
    assert sorted(re.findall(inputs, text)) == sorted(one.name for one in session.get_inputs())
    rows = re.findall(r'row\("(\w+)"\)', text)
    assert sorted(rows) == sorted(one.name for one in session.get_outputs())


def test_every_page_pins_onnx_runtime_as_the_package_does() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    found = re.search(r'"onnxruntime>=([\d.]+),<([\d.]+)"', project)
    assert found is not None
    low, high = found.groups()
    for page, form in PINS.items():
        assert form.format(low=low, high=high) in PAGES[page], page


def test_the_table_of_vectors_holds_those_that_a_port_must_agree_with() -> None:
    text = PAGES["README.md"]
    ported = ("text", "tokens", "step", "language", "policy", "friction")
    assert all(f"`tests/vectors/{name}.json`" in text for name in ported)
    step = json.loads((ROOT / "tests/vectors/step.json").read_text("utf-8"))
    assert float(re.search(r"step\.onnx` \| (\S+) \|", text)[1]) == step["tolerance"]


@pytest.mark.parametrize("page", PLATFORMS)
def test_a_page_says_what_was_run_and_sends_to_the_common_rules(page: str) -> None:
    text = PAGES[page]
    assert f"]({page})" in PAGES["README.md"]
    assert "[the common part](README.md)" in text
    assert "\n## What was run here\n" in text
    assert "README.md#onnx-runtimes-usage-data" in text


@pytest.mark.parametrize("page", ("README.md", *PLATFORMS))
def test_no_figure_is_typed_by_hand(page: str) -> None:
    """But for a limit of another system, which no command of ours could write."""
    assert set(_FIGURE.findall(PAGES[page])) <= {"24 MB"}


@pytest.mark.parametrize("page", NATIVE)
def test_a_long_message_is_as_risky_as_its_loudest_part(page: str) -> None:
    """As graph.py: else a harmless end of a message would hide a threat in it."""
    for kind in ("risks", "indicators", "cues"):
        assert re.search(rf"highest\(found\.?map[ ({{\\]*(?:it)?\.{kind}", PAGES[page]), kind
