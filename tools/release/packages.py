"""The wheel, the sdist and the npm package of the last commit, the same bytes each time."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from release.environments import UV
from release.project import (
    DIST,
    NPM_QUIET,
    ReleaseError,
    committed,
    epoch,
    lowest,
    npm,
    pyproject,
    run,
    say,
)


@dataclass(frozen=True)
class Way:
    """Circumstances that must not show in the bytes: where, under which umask, zone and age."""

    folder: str
    umask: int
    zone: str
    #: Seconds since 1970 that every source file is given, or None to leave them.
    modified: int | None = None


USUAL = Way("tree", 0o022, "UTC")
OTHER = Way("some/where/else/by another name", 0o077, "Asia/Kathmandu", 1_000_000_000)


def build(way: Way, out: Path) -> Path:
    """Build all three packages from a copy of the last commit into `out`; returns the copy's SDK.

    The copy is under `out`'s parent, and stays: its node_modules and build are used by checks.
    """
    tree = committed(out.parent / way.folder)
    if way.modified is not None:
        for path in tree.rglob("*"):
            os.utime(path, (way.modified, way.modified))
    env = {"SOURCE_DATE_EPOCH": epoch(), "TZ": way.zone}
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(tree)]
    run(command, env=env, umask=way.umask)
    sdk = tree / "mobile_demo" / "sdk"
    npm(["ci", *NPM_QUIET], sdk)
    npm(["run", "--silent", "build"], sdk)
    npm(["pack", "--silent", "--pack-destination", str(out)], sdk)
    return sdk


def sums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a folder, by name."""
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}


def release() -> None:
    """Fill dist/ with the three packages; says their sizes."""
    with tempfile.TemporaryDirectory(prefix="safelight-release-") as place:
        out = Path(place) / "out"
        say("wheel, sdist and npm package of the last commit")
        build(USUAL, out)
        shutil.rmtree(DIST, ignore_errors=True)
        shutil.copytree(out, DIST)
    for path in sorted(DIST.iterdir()):
        print(f"{path.name:34} {path.stat().st_size / 1e6:6.2f} MB")


def write_sums() -> None:
    """List what is in dist/ with its hash, in the form that `sha256sum --check` reads."""
    listed = DIST / "SHA256SUMS"
    listed.unlink(missing_ok=True)
    listed.write_text("".join(f"{digest}  {name}\n" for name, digest in sums(DIST).items()))


def check_lowest_builder(place: Path) -> None:
    """The wheel says the same of itself when the oldest builder of pyproject.toml builds it."""
    (wanted,) = map(Requirement, pyproject()["build-system"]["requires"])
    pin = f"{wanted.name}=={lowest(wanted.specifier)}"
    python, out = place / "builder" / "bin" / "python", place / "by-oldest"
    run([*UV, "venv", "--python", sys.executable, place / "builder"])
    run([*UV, "pip", "install", "--python", python, "build", pin])
    tree = committed(place / "for-oldest")
    run([python, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, tree])
    ours, theirs = (_says(next(folder.glob("*.whl"))) for folder in (DIST, out))
    if ours != theirs:
        raise ReleaseError(f"{pin} writes other metadata: {sorted(ours ^ theirs)[:5]}")
    print(f"{pin} writes the same metadata")


def _says(wheel: Path) -> set[str]:
    """The lines of a wheel's metadata, less the number of their format."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode("utf-8").splitlines()
    return {line for line in lines if not line.startswith("Metadata-Version:")}


def check_same_bytes(place: Path) -> Path:
    """Build again, elsewhere and otherwise: dist/ must be the same. Returns the built SDK."""
    out = place / "again"
    sdk = build(OTHER, out)
    listed = sums(DIST)
    for name, digest in sums(out).items():
        if listed.get(name) != digest:
            raise ReleaseError(f"{name} differs when it is built a second time")
        print(f"the same bytes twice: {name}")
    return sdk
