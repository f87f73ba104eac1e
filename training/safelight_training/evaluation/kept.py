"""Committed reports, each data and a page made of it: written by a command, checked by the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Names = tuple[str, str]
Page = Callable[[Row], str]
#: How far a figure measured again may lie off. The shortcut baselines are fitted anew each
#: time by a library that is not pinned, so they get more.
TOLERANCE, FITTED_TOLERANCE = 0.002, 0.02
SPARE, MOST_TOLERANCE = 2, 0.25  # conversations in a row, and their share of a short row at most
#: Rows that only pictures show, counts that may differ by SPARE, and messages or minutes of delay.
PICTURES = ("judging.curve", "judging.delays", "judging.calibration.grooming.bins",
            "judging.calibration.sextortion.bins", "examples")  # fmt: skip
COUNTS = ("times", "only_reference", "only_group", "changed", "only_one", "only_other")
DELAY_TOLERANCE = 5.0
_CRUMB = 1e-9  # what subtracting two rounded decimals leaves


def write_json(path: Path, found: Row) -> None:
    """Data alone, without a page."""
    _dump(path, found)
    print(f"wrote {path.name}")


def _dump(path: Path, found: Row) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, "utf-8")
    return text


def write(found: Row, folder: Path, names: Names, page: Page) -> None:
    """`names`: of the data and of the page."""
    data = _dump(folder / names[0], found)
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


def differences(
    committed: Any, measured: Any, where: str = "", tolerance: float = TOLERANCE
) -> Iterator[str]:
    """Each place where two reports disagree: numbers with a fraction beyond the tolerance.

    The int8 graph may differ a little between processors, so that in a row of `n` up to
    SPARE of them may fall on the other side of a threshold. What only pictures show moves with
    every single chat and is left out.
    """
    if where in PICTURES:
        return
    tolerance = _tolerance(committed, where, tolerance)
    if isinstance(committed, dict) and isinstance(measured, dict):
        for key in dict.fromkeys((*committed, *measured)):
            place = f"{where}.{key}" if where else key
            if key in committed and key in measured:
                yield from differences(committed[key], measured[key], place, tolerance)
            else:
                yield f"{place}: stands in one of them only"
    elif isinstance(committed, list) and isinstance(measured, list):
        if len(committed) != len(measured):
            yield f"{where}: {len(committed)} rows, measured {len(measured)}"
            return
        for i, pair in enumerate(zip(committed, measured, strict=True)):
            yield from differences(*pair, f"{where}[{i}]", tolerance)
    elif not _same(committed, measured, where, tolerance):
        told = (committed, measured)
        if not all(isinstance(value, (int, float)) for value in told):
            told = (repr(committed), repr(measured))
        yield f"{where}: {told[0]}, measured {told[1]}"


def _tolerance(committed: Any, where: str, inherited: float) -> float:
    if where in ("shortcuts", "written.indicators"):
        return FITTED_TOLERANCE
    if where.endswith(".delay"):
        return DELAY_TOLERANCE
    n = committed.get("n") if isinstance(committed, dict) else None
    if isinstance(n, int) and n > 0:
        return max(inherited, min(SPARE / n, MOST_TOLERANCE))
    return inherited


def _same(committed: Any, measured: Any, where: str, tolerance: float) -> bool:
    counted = isinstance(committed, int) and isinstance(measured, int)
    if counted and where.rpartition(".")[2] in COUNTS:
        return abs(committed - measured) <= SPARE
    if isinstance(committed, float) and isinstance(measured, float):
        return abs(committed - measured) <= tolerance + _CRUMB
    return bool(committed == measured)
