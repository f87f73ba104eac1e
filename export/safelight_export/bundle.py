"""Writes the folder a phone gets, and pins the one that the package carries."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import safelight
from safelight import pin
from safelight.bundle_files import read_unsigned
from safelight.manifest import parse_manifest

PACKAGE = Path(safelight.__file__).parent
SHIPPED = PACKAGE / "bundle"
SIGNATURE = "manifest.sig"
#: Fixed texts of the bundle: written by people, kept in the shipped folder, copied to others.
CONTENT = ("indicators.json", "resources.json")
#: Folders of the same, with one file a language.
CONTENT_FOLDERS = ("advice", "guides")


def write_bundle(
    folder: Path, model: bytes, tokenizer: bytes, table: dict[str, Any], manifest: dict[str, Any],
    content: Path = SHIPPED,
) -> None:  # fmt: skip
    """Writes model, tokenizer, texts and the manifest that lists their sizes and hashes.

    `manifest` holds everything but `files`. The result is read back by the runtime's own
    checks of a folder, so that one which phones would refuse is never written without a word:
    BundleError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _copy_content(content, folder)
    (folder / "model.onnx").write_bytes(model)
    (folder / "tokenizer.json").write_bytes(tokenizer)
    (folder / "text.json").write_text(_json(table), "utf-8")
    seal(folder, manifest)
    read_unsigned(folder)


def seal(folder: Path, manifest: dict[str, Any]) -> None:
    """(Re)writes manifest.json over the files that lie in the folder.

    A signature of other bytes is removed first, and standard error says so: phones would refuse
    the bundle for it.
    """
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in ("manifest.json", SIGNATURE):
            data = path.read_bytes()
            files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    data = _json({**manifest, "files": files}).encode()
    parse_manifest(data)
    kept = folder / "manifest.json"
    if (folder / SIGNATURE).exists() and not (kept.exists() and kept.read_bytes() == data):
        (folder / SIGNATURE).unlink()
        print(f"{SIGNATURE}: removed, as it is not of the new manifest", file=sys.stderr)
    part = folder / "manifest.json.part"
    part.write_bytes(data)
    os.replace(part, kept)


def reseal_shipped() -> None:
    """After a change of the fixed texts: lists the shipped files anew and pins the result."""
    manifest = json.loads((SHIPPED / "manifest.json").read_text("utf-8"))
    manifest.pop("files")
    seal(SHIPPED, manifest)
    pin_shipped()


def refresh(folder: Path) -> None:
    """Gives a bundle the fixed texts of the shipped one: for a model made before they changed."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest.pop("files")
    _copy_content(SHIPPED, folder)
    seal(folder, manifest)


def pin_shipped() -> None:
    """Writes the sha256 of the shipped manifest into the runtime's `pin.py`."""
    digest = hashlib.sha256((SHIPPED / "manifest.json").read_bytes()).hexdigest()
    path = PACKAGE / "pin.py"
    path.write_text(path.read_text("utf-8").replace(pin.PINNED_MANIFEST_SHA256, digest), "utf-8")
    pin.PINNED_MANIFEST_SHA256 = digest


def ship(folder: Path) -> None:
    """Makes `folder` the bundle of this package, which is pinned and carries no signature."""
    for path in sorted(folder.rglob("*")):
        target = SHIPPED / path.relative_to(folder)
        if path.is_file() and path.name != SIGNATURE:
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.resolve() != target.resolve():
                shutil.copyfile(path, target)
    (SHIPPED / SIGNATURE).unlink(missing_ok=True)
    pin_shipped()


def _copy_content(source: Path, target: Path) -> None:
    by_language = [
        f"{folder}/{path.name}"
        for folder in CONTENT_FOLDERS
        for path in sorted((source / folder).glob("*.json"))
    ]
    for name in (*CONTENT, *by_language):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).resolve() != (target / name).resolve():
            shutil.copyfile(source / name, target / name)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
