"""The pages for people: links lead somewhere, nothing lies unlinked, what they say to type runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from safelight import cli

ROOT = Path(__file__).parents[2]
OUTSIDE_DOCS = ("mobile_demo/README.md", "mobile_demo/sdk/README.md",
                "integrations/matrix/README.md", "tests/vectors/README.md")  # fmt: skip
PAGES = {
    str(path.relative_to(ROOT)): path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"),
                 *(ROOT / name for name in OUTSIDE_DOCS))
}  # fmt: skip
#: Pictures in README are loaded on every visit.
MOST_BYTES = 120_000
FIRST_SCREEN = 36  # lines of README's source
_BLOCK = re.compile(r"^```.*?^```", re.M | re.S)
_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
_MAKE = re.compile(r"^make ([a-z][a-z-]*)|`make ([a-z][a-z-]*)", re.M)
_COMMAND = re.compile(r"^\.venv/bin/safelight (.*?)\s*(?:#.*)?$", re.M)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings."""
    titles = re.findall(r"^#+ (.*)$", _BLOCK.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def targets(path: Path, text: str) -> Iterator[tuple[Path, str]]:
    """What a page links to inside the repository: file or folder, and the anchor or ""."""
    for link in ("".join(found) for found in _LINK.findall(_BLOCK.sub("", text))):
        if not re.match(r"[a-z]+:", link):
            name, _, anchor = link.partition("#")
            yield (path.parent / name if name else path).resolve(), anchor


def broken(path: Path, text: str) -> list[str]:
    return [
        f"{target.name}#{anchor}"
        for target, anchor in targets(path, text)
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8")))
    ]


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    assert broken(PAGES[name], PAGES[name].read_text("utf-8")) == []


def test_what_is_broken_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A (title): of `x`\n```\n# none\n```\n", "utf-8")
    text = '[a](page.md#a-title-of-x) [b](#none) [c](https://x.org/gone) <img src="gone.png">'
    assert broken(page, text) == ["page.md#none", "gone.png#"]


def test_every_page_can_be_reached_from_readme() -> None:
    """By links; a link to a folder shows what is in it."""
    waiting, seen = [ROOT / "README.md"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.is_dir():
            waiting += path.glob("*.md")
        elif path.suffix == ".md":
            waiting += [target for target, _ in targets(path, path.read_text("utf-8"))]
    assert sorted(name for name, path in PAGES.items() if path not in seen) == []


@pytest.mark.parametrize("name", PAGES)
def test_tasks_that_are_named_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    tasks = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    found = {"".join(found) for found in _MAKE.findall(PAGES[name].read_text("utf-8"))}
    assert found <= tasks


@pytest.mark.parametrize("command", _COMMAND.findall(PAGES["docs/start.md"].read_text("utf-8")))
def test_a_command_of_the_first_half_hour_runs(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.main(command.split()) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", ["README.md", "docs/start.md"])
def test_the_first_python_example_runs(name: str) -> None:
    code = re.findall(r"^```python\n(.*?)^```", PAGES[name].read_text("utf-8"), re.M | re.S)[0]
    shown: dict[str, object] = {}
    exec(code, shown)
    assert type(shown["seen"]).__name__ == "Assessment"


def test_the_first_screen_says_what_it_is_how_to_try_it_and_what_it_does_not_do() -> None:
    lines = PAGES["README.md"].read_text("utf-8").splitlines()
    top = "\n".join(lines[:FIRST_SCREEN])
    wanted = ("# Safelight", "on their own phone", "make demo", "make test", "Guard.load()",
              "**What it does not do.**", "docs/start.md")  # fmt: skip
    places = [top.find(words) for words in wanted]
    assert -1 not in places and places == sorted(places)
    assert "<img" not in "\n".join(lines[: top[: places[-1]].count("\n")])


def test_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert len(pictures) == 2
    assert [path.name for path in pictures if path.stat().st_size > MOST_BYTES] == []
