"""What the import of the runtime takes, package by package."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

from safelight_export.benchmark.fresh import environment

_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")
STANDARD = "standard library"


def packages(rounds: int) -> dict[str, float]:
    """Milliseconds of each top package's own modules; of the run that was fastest in sum.

    The sum is above that of an import that nobody watches.
    """
    return min((_once() for _ in range(rounds)), key=lambda found: sum(found.values()))


def _once() -> dict[str, float]:
    program = [sys.executable, "-X", "importtime", "-c", "import safelight"]
    done = subprocess.run(program, env=environment(), capture_output=True, text=True, check=True)
    return parse(done.stderr)


def parse(told: str) -> dict[str, float]:
    """From what -X importtime writes, the slowest first; modules of Python itself together."""
    spent: Counter[str] = Counter()
    for own, module in _LINE.findall(told):
        top = module.partition(".")[0]
        spent[STANDARD if top in sys.stdlib_module_names else top] += int(own)
    return {name: round(us / 1e3, 2) for name, us in spent.most_common()}
