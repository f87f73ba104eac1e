"""What this repository says about itself, each fact read from the one place where it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
SDK = ROOT / "mobile_demo" / "sdk"
BUNDLE = ROOT / "model" / "safelight" / "bundle"
DIST = ROOT / "dist"
#: Folders of the repository that have npm packages of their own; the first is released.
NPM_FOLDERS = ("mobile_demo/sdk", "mobile_demo/relay", "mobile_demo/app")


class ReleaseError(RuntimeError):
    """A check failed; the message says which, in one line."""


def say(text: str) -> None:
    """Print a heading at once, also into a pipe."""
    print(f"== {text}", flush=True)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    umask: int = -1,
    errors: bool = False,
) -> str:
    """Run a command and return what it printed; a ReleaseError with its last lines if it failed.

    errors: return what it wrote to standard error too, after the rest.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env={**os.environ, **(env or {})}, umask=umask,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise ReleaseError(f"{Path(command[0]).name} {command[1]} failed:\n{tail}")
    return done.stdout + done.stderr * errors


def npm(arguments: Sequence[str], cwd: Path) -> str:
    """Run the npm of this environment, with nothing downloaded by install scripts."""
    binaries = Path(sys.executable).parent
    env = {
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "ONNXRUNTIME_NODE_INSTALL": "skip",
        "PYTHON_OF_SAFELIGHT": sys.executable,
    }
    return run([binaries / "npm", *arguments], cwd=cwd, env=env)


NPM_QUIET = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error")


def pyproject() -> dict[str, Any]:
    """The project's own table of pyproject.toml."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # comes with `build` where the standard library has none
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return found


def requirements() -> dict[str, Requirement]:
    """What the runtime needs: name → requirement."""
    listed = [Requirement(line) for line in pyproject()["project"]["dependencies"]]
    return {each.name: each for each in listed}


def lowest(specifier: SpecifierSet) -> str:
    """The version after `>=`."""
    bounds = [each.version for each in specifier if each.operator == ">="]
    if len(bounds) != 1:
        raise ReleaseError(f"{specifier} has no one lower bound")
    return bounds[0]


def package_json(folder: Path = SDK) -> dict[str, Any]:
    """The package.json of a folder."""
    found: dict[str, Any] = json.loads((folder / "package.json").read_text("utf-8"))
    return found


def version() -> str:
    """The package's version, as text in model/safelight/_version.py."""
    text = (ROOT / "model" / "safelight" / "_version.py").read_text("utf-8")
    return text.split('"')[-2]


def changelog_versions() -> list[str]:
    """The versions that CHANGELOG.md has a section for, the newest first."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    return re.findall(r"^## \[(\d[^\]]*)\] - \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)


def epoch() -> str:
    """Seconds of the last commit: the time that everything in a release bears."""
    return run(["git", "log", "-1", "--format=%ct"]).strip()


def clean() -> None:
    """Raise a ReleaseError unless every tracked file is as committed."""
    if run(["git", "status", "--porcelain", "--untracked-files=no"]).strip():
        raise ReleaseError("commit first: a release is built from the last commit alone")


def committed(folder: Path) -> Path:
    """Lay the files of the last commit into a new folder and return it."""
    folder.mkdir(parents=True)
    archive = folder.parent / f"{folder.name}.tar"
    run(["git", "archive", "--output", archive, "HEAD"])
    run(["tar", "xf", archive, "-C", folder])
    archive.unlink()
    return folder
