"""The npm package in bare folders, on the lowest and the newest ONNX Runtime of its range."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from release.project import (
    NPM_QUIET,
    SDK,
    ReleaseError,
    lowest,
    npm,
    package_json,
    run,
)  # fmt: skip

RUNTIME = "onnxruntime-node"


def range_of(name: str = RUNTIME) -> SpecifierSet:
    """The SDK's range of a peer, whose npm form ">=a <b" has a comma fewer than Python's."""
    return SpecifierSet(package_json()["peerDependencies"][name].replace(" ", ","))


def ends(name: str = RUNTIME) -> tuple[str, str]:
    """The first and the last released version of the range."""
    listed = json.loads(npm(["view", name, "versions", "--json"], SDK))
    released = [Version(each) for each in listed if re.fullmatch(r"[\d.]+", each)]

    inside = sorted(each for each in released if each in range_of(name))
    if not inside or inside[0] != Version(f"{lowest(range_of(name))}.0"):
        raise ReleaseError(f"{name}: the lower bound of the range was never released")
    return str(inside[0]), str(inside[-1])


def bare(folder: Path, packed: Path, runtime: str) -> Path:
    """Make a folder with the packed SDK and an ONNX Runtime ("name@version") and nothing else."""
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    npm(["install", *NPM_QUIET, str(packed), runtime], folder)
    return folder


THREE_LINES = """
import { Guard } from "safelight/node";
const guard = await Guard.load();
const seen = await guard.conversation("c").observe({ sender: "peer", text: "hello" });
console.log(seen.form, seen.level);
"""


def answers(folder: Path) -> None:
    """Raise a ReleaseError unless the packed SDK loads its bundle there and answers."""
    (folder / "answers.js").write_text(THREE_LINES)
    node = Path(sys.executable).parent / "node"
    if run([node, "answers.js"], cwd=folder).split() != ["nothing", "0"]:
        raise ReleaseError(f"the npm package does not answer in {folder.name}")


def golden(sdk: Path, runtime: str) -> None:
    """Run the SDK's golden vectors in Node.js, in a built copy of it, on that ONNX Runtime."""
    npm(["install", "--no-save", *NPM_QUIET, runtime], sdk)
    npm(["exec", "--", "vitest", "run", "--project", "node", "tests/golden"], sdk)
