"""Breaks each requirement once and sees its test fail: `make mutants`.

Every row changes one line in a copy of the sources and runs tests that docs/requirements.md names.
A row is right when those tests pass on the copy as it is and fail on the changed one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("model", "training", "export", "tests", "docs", "tools", "integrations",
          "mobile_demo")  # fmt: skip


@dataclass(frozen=True)
class Break:
    """In `file`, `old` (once, at least) becomes `new`; `test` must then fail."""

    requirement: str
    what: str
    file: str
    old: str
    new: str
    test: str


ADVICE = "model/safelight/bundle/advice/en.json"
COPY = "tests/unit/test_advice_copy.py"
BREAKS = (
    Break("R1", "off hides nothing", "model/safelight/settings.py", "if not settings.on:",
          "if False:", "tests/unit/test_settings.py"),
    Break("R2", "the runtime imports a socket", "model/safelight/conversation.py",
          "import numpy as np", "import socket\n\nimport numpy as np",
          "tests/unit/test_in_charge.py"),
    Break("R3", "a place to hang an alert on", "model/safelight/conversation.py",
          "        replay: bool = False,\n    ) -> Assessment:",
          "        replay: bool = False,\n        notify: Callable[[], None] | None = None,\n"
          "    ) -> Assessment:", "tests/unit/test_security_requirements.py"),
    Break("R4", "other labels are let in", "model/safelight/manifest.py",
          "        if labels[name] != list(own):", "        if not labels[name]:",
          "tests/unit/test_bundle_files.py"),
    Break("R5", "a hint that can block", "model/safelight/friction.py", '    ALLOW = "allow"\n',
          '    ALLOW = "allow"\n    BLOCK = "block"\n', "tests/unit/test_in_charge.py"),
    Break("R6", "a message shows its text", "model/safelight/types.py",
          'text: str = field(default="", repr=False)', 'text: str = ""',
          "tests/unit/test_security_log.py"),
    Break("R7", "two alarms above the budget", "training/safelight_training/thresholds.py",
          "    while k + 1 < n and", "    k += 2\n    while k + 1 < n and",
          "tests/unit/test_training_thresholds.py"),
    Break("R8", "the group's warnings are not looked at",
          "training/safelight_training/evaluation/fairness.py",
          "values[i + 1].item()", "values[i].item()",
          "tests/unit/test_evaluation_fairness.py"),
    Break("R9", "the advice blames", ADVICE, "It is not your fault. You are not in trouble.",
          "It is your fault. You are not in trouble.", COPY),
    Break("R10", "the advice is hard to read", ADVICE, "You can say no",
          "Refusing constitutes an unconditionally legitimate prerogative", COPY),
    Break("R11", "reasons in the wrong order", "model/safelight/policy.py",
          "return -item[1].at, INDICATORS", "return item[1].at, INDICATORS",
          "tests/unit/test_policy.py"),
    Break("R12", "somebody is told to delete", ADVICE, "Keep the messages.", "Delete the chat.",
          COPY),
    Break("R13", "somebody is told to confront", ADVICE, "Keep the messages.", "Confront them.",
          COPY),
    Break("R14", "it never says that it can be wrong", ADVICE,
          "This can miss things and can be wrong.", "This is always right.", COPY),
    Break("R15", "a name is heard otherwise than a peer", "model/safelight/guard.py",
          "message.sender == SELF, gap", 'message.sender != "peer", gap',
          "tests/unit/test_conversation.py"),
)  # fmt: skip


def main(only: Sequence[str]) -> int:
    """0 where every break (of the requirements `only`, else all) was caught by tests that pass
    without it; a table on standard output."""
    wrong = 0
    print("| requirement | broken | tests | unbroken | broken | seconds |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            ignored = shutil.ignore_patterns(
                "__pycache__", "authored", "phrasebooks", "node_modules", "dist"
            )
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for path in (ROOT / "pyproject.toml", *ROOT.glob("*.md")):
            shutil.copy(path, copy)
        for one in (b for b in BREAKS if not only or b.requirement in only):
            started = time.monotonic()
            before, after = passes(copy, one.test), broken(copy, one)
            wrong += not before or after
            said = ("passes" if ok else "fails" for ok in (before, after))
            print(f"| {one.requirement} | {one.what} | `{one.test}` | {' | '.join(said)} "
                  f"| {time.monotonic() - started:.0f} |", flush=True)  # fmt: skip
    return 1 if wrong else 0


def broken(copy: Path, one: Break) -> bool:
    """Whether the tests pass with the break in place; the file is as before afterwards."""
    path = copy / one.file
    whole = path.read_text("utf-8")
    if one.old not in whole:
        raise SystemExit(
            f"break_once: {one.requirement}: {one.file} no longer holds what is broken"
        )
    path.write_text(whole.replace(one.old, one.new), "utf-8")
    try:
        return passes(copy, one.test)
    finally:
        path.write_text(whole, "utf-8")


def passes(copy: Path, test: str) -> bool:
    path = os.pathsep.join(str(copy / name) for name in ("model", "training", "export"))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, capture_output=True, env=env, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
