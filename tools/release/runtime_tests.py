"""The runtime's own tests, run on the installed wheel in a bare environment.

They run from the unpacked sdist, in which `model/safelight` is a link to what the wheel installed:
so the sdist is proved whole, and every path of a test, its child processes too, leads to the wheel.
"""

from __future__ import annotations

import ast
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from release.environments import Environment
from release.project import ReleaseError, run

#: What a test of the runtime may import: besides Python's own and the tests' helpers.
RUNTIME = frozenset({
    "safelight", "safelight_export.text_table", "numpy", "onnxruntime", "tokenizers",
    "cryptography", "rich", "pytest", "hypothesis", "onnx",
})  # fmt: skip
#: Golden vectors alone: the tests that every port has too.
GOLDEN = ("test_vectors.py", "test_vectors_kept.py", "test_vectors_recontact.py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def of_runtime(tree: Path) -> list[Path]:
    """The unit tests that import nothing but the runtime, what it needs, and test tools.

    And the one of sockets and files, for which the kernel watches the runtime at work.
    """
    helpers = {path.stem for path in (tree / "tests").rglob("*.py")}
    known = RUNTIME | helpers | sys.stdlib_module_names
    unit = sorted((tree / "tests" / "unit").glob("test_*.py"))
    return [
        path
        for path in [*unit, tree / "tests" / "packaging" / "test_quiet.py"]
        if all(name in known or name.partition(".")[0] in known for name in _imports(path))
    ]


def unpack(sdist: Path, folder: Path, environment: Environment) -> Path:
    """Unpack the sdist for one environment, with the installed wheel in the runtime's place."""
    folder.mkdir(parents=True)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (tree,) = folder.iterdir()
    own = tree / "model" / "safelight"
    own.rename(tree / "unused")
    own.symlink_to(environment.site_packages / "safelight", target_is_directory=True)
    return tree


def passed(environment: Environment, tree: Path, *, golden_only: bool = False) -> int:
    """Run the runtime's tests; returns how many passed. A ReleaseError if any did not."""
    tests = [path for path in of_runtime(tree) if not golden_only or path.name in GOLDEN]
    own = {"PYTHONPATH": "", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    said = run([environment.python, "-m", "pytest", "-ra", *tests], cwd=tree, env=own)
    dots = sum(line.partition(" ")[0].count(".") for line in said.splitlines() if "%]" in line)
    if not dots:
        raise ReleaseError("no test ran")
    return dots
