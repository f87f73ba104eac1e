"""What a manifest says of how weights were made: which data, which seed, which code."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .drafts import draft_of
from .refused import InputError

KEYS = ("data_version", "seed", "training_commit")
#: Where there was one: sha256 of its checkpoint, or of the manifest of its bundle.
TEACHER = "teacher"
#: In a work folder alone: the digest of what is learnt from (recipe.digest). Somebody's own chats
#: leave no trace in a manifest but that there were some.
LEARNT = "learnt"
#: What a run has in common with the one that began its folder, as a refusal calls it.
SAME = {"data_version": "data_version", "seed": "seed", TEACHER: TEACHER, LEARNT: "set of chats"}


class OriginError(InputError):
    """A work folder holds a training that was begun otherwise."""


def now(data_version: str, seed: int, teacher: Path | None = None) -> dict[str, Any]:
    """Of what this code makes."""
    made = dict(zip(KEYS, (data_version, seed, _commit()), strict=True))
    return made | ({TEACHER: _digest(teacher)} if teacher else {})


def kept(
    path: Path, data_version: str, seed: int, learnt: str, teacher: Path | None = None
) -> dict[str, Any]:
    """As `now`, of the run that began: it is written to `path` with the digest `learnt`, for those
    that go on with it. A folder that was begun before digests were kept takes this run's, and a
    line says so: whether its chats are the same cannot be known.

    Raises OriginError where that run had other data, another seed or another teacher.
    """
    made = now(data_version, seed, teacher) | {LEARNT: learnt}
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else made
    older = LEARNT not in found
    found.setdefault(LEARNT, learnt)
    for key, name in SAME.items():
        if found.get(key) != made.get(key):
            raise OriginError(f"{path.name}: the training in this folder was begun with another "
                              f"{name} ({found.get(key)}); give --work another folder, or remove "
                              "this one")  # fmt: skip
    if older:
        print(f"{path.name}: begun by older code; taken to be of the chats that are given now")
    if older or not path.exists():
        with draft_of(path) as draft:
            draft.write_text(json.dumps(found) + "\n", "utf-8")
    return {key: value for key, value in found.items() if key != LEARNT}


def of_students(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each student of a bundle."""
    keys = (*KEYS, TEACHER)
    return [{key: made[key] for key in keys if key in made}
            for made in manifest.get("members", [manifest])]  # fmt: skip


def data_of_members(manifest: Mapping[str, Any]) -> list[str]:
    """The version of the data of each, where there are several."""
    return [made["data_version"] for made in manifest.get("members", [])]


def _digest(teacher: Path) -> str:
    path = teacher / "manifest.json" if teacher.is_dir() else teacher
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit() -> str:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True,
            cwd=Path(__file__).parent,
        )  # fmt: skip
        return done.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
