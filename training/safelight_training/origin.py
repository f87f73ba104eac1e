"""What a manifest says of how weights were made: which data, which seed, which code."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEYS = ("data_version", "seed", "training_commit")


def now(data_version: str, seed: int) -> dict[str, Any]:
    """Of what this code makes."""
    return dict(zip(KEYS, (data_version, seed, _commit()), strict=True))


def kept(path: Path, data_version: str, seed: int) -> dict[str, Any]:
    """As `now`, of the run that began: it is written to `path`, for those that go on with it."""
    if not path.exists():
        path.write_text(json.dumps(now(data_version, seed)) + "\n", "utf-8")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def of_students(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each student of a bundle."""
    return [{key: made[key] for key in KEYS} for made in manifest.get("members", [manifest])]


def data_of_members(manifest: Mapping[str, Any]) -> list[str]:
    """The version of the data of each, where there are several."""
    return [made["data_version"] for made in manifest.get("members", [])]


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True,
            cwd=Path(__file__).parent,
        )  # fmt: skip
        return done.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
