"""`python -m release build | check | licences | readiness [--check]`, from tools/."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from release import check, project, readiness, record


def main() -> int:
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="wheel, sdist, npm package and their bills, into dist/")
    commands.add_parser("check", help="prove what is in dist/ (network, minutes)")
    commands.add_parser("licences", help="every dependency's licence is one that we take")
    page = commands.add_parser("readiness", help="phones' runtimes and the shipped model")
    page.add_argument("--check", action="store_true", help="compare offline; write nothing")
    given = parser.parse_args()
    jobs: dict[str, Callable[[], None]] = {
        "build": check.build,
        "check": lambda: record.kept(check.everything),
        "licences": check.licences_of_all,
        "readiness": readiness.check if getattr(given, "check", False) else readiness.write,
    }
    try:
        jobs[given.command]()
    except project.ReleaseError as error:
        print(f"safelight: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
