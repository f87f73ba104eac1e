"""Pythons of this machine, and bare environments with the lowest and the newest dependencies.

uv resolves: it is the client that can choose the lowest versions that a range and a Python allow.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from release.project import ROOT, pyproject, run

Resolution = Literal["lowest-direct", "highest"]
UV = (sys.executable, "-m", "uv", "--quiet", "--no-progress")
#: What the tests need beside the wheel; onnx makes the tiny graph of the tests.
TEST_TOOLS = ("pytest>=8", "hypothesis>=6.100", "onnx>=1.17")


def series(executable: Path) -> str | None:
    """`3.12` of an interpreter, or None where it does not start."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run(
        [str(executable), "-c", code], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


def pythons() -> dict[str, Path]:
    """CPythons within `requires-python` that this machine has: series → interpreter, by age.

    Looked for: python3.N on the PATH, and the versions of pyenv where it is installed.
    """
    allowed = SpecifierSet(pyproject()["project"]["requires-python"])
    folders = [Path(each) for each in os.environ["PATH"].split(os.pathsep)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders += sorted(pyenv.glob("*/bin")) if pyenv.is_dir() else []
    found: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            continue
        for path in folder.iterdir():
            named = re.fullmatch(r"python(3\.\d+)", path.name)
            if named and named[1] in allowed and series(path) == named[1]:
                found.setdefault(named[1], path)
    return dict(sorted(found.items(), key=lambda item: Version(item[0])))


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel in it and nothing else but what was asked for."""

    python: Path

    @property
    def site_packages(self) -> Path:
        """Where the packages lie."""
        code = "import sysconfig; print(sysconfig.get_path('purelib'))"
        return Path(run([self.python, "-I", "-c", code]).strip())

    def versions(self, names: Sequence[str]) -> dict[str, str]:
        """The installed version of each package."""
        code = "import sys, importlib.metadata as m\nfor n in sys.argv[1:]: print(m.version(n))"
        lines = run([self.python, "-I", "-c", code, *names]).split()
        return dict(zip(names, lines, strict=True))


def bare(
    folder: Path,
    interpreter: Path,
    wheel: Path,
    resolution: Resolution,
    *,
    pins: Sequence[str] = (),
    tools: Sequence[str] = TEST_TOOLS,
) -> Environment:
    """Make an environment with the wheel and `tools`; only built packages are taken.

    pins: further constraints such as "onnxruntime==1.24.3". The lowest versions are those of the
    ranges in pyproject.toml, or the first after them that has a build for this Python.
    """
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "bin" / "python"
    run([*UV, "venv", "--python", interpreter, folder])
    wanted, chosen = folder / "wanted.txt", folder / "constraints.txt"
    wanted.write_text("\n".join(pins))
    built = ["--only-binary", ":all:", "--python", str(python)]
    limits = [*built, "--resolution", resolution, "--constraints", str(wanted)]
    run([*UV, "pip", "compile", *limits, "--output-file", chosen, ROOT / "pyproject.toml"])
    run([*UV, "pip", "install", *built, "--constraints", chosen, wheel, *tools])
    return Environment(python)
