"""Committed reports, each data and a page made of it: written by a command, checked by the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Names = tuple[str, str]
Page = Callable[[Row], str]


def write(found: Row, folder: Path, names: Names, page: Page) -> None:
    """`names`: of the data and of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    (folder / names[0]).write_text(data, "utf-8")
    (folder / names[1]).write_text(page(json.loads(data)), "utf-8")
    print(f"wrote {names[0]} and {names[1]}")


def committed(folder: Path, names: Names, page: Page) -> tuple[Row | None, list[str]]:
    """The committed data, and what is wrong already: not readable, or the page not made of it."""
    try:
        data = json.loads((folder / names[0]).read_text("utf-8"))
        text = (folder / names[1]).read_text("utf-8")
    except (OSError, ValueError):
        return None, [f"{names[0]} or {names[1]} is missing or not readable"]
    return data, [] if text == page(data) else [f"{names[1]} is not of {names[0]}"]


def verdict(command: str, problems: Iterable[str]) -> int:
    """Exit status of a check, each problem in one line on standard error."""
    found = list(problems)
    for problem in found:
        print(f"{command} --check: {problem}", file=sys.stderr)
    return 1 if found else 0


def check(found: Row, folder: Path, names: Names, page: Page, command: str) -> int:
    """0 = the committed data is exactly what was found now, and the page is made of it."""
    data, problems = committed(folder, names, page)
    if data is not None and data != json.loads(json.dumps(found)):
        problems.append(f"{names[0]} is not what the command gives now")
    return verdict(command, problems)
