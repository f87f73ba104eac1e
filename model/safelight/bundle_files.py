"""Reads a bundle folder once, decides whether to trust it, and returns the very bytes."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safelight import onnx_scan, signature
from safelight.manifest import FILE_NAME, MAX_FILE_BYTES, Manifest, parse_manifest
from safelight.reading import BundleError

__all__ = ["Bundle", "BundleError", "read_pinned", "read_signed", "read_unsigned"]

_MANIFEST, _SIGNATURE = "manifest.json", "manifest.sig"
_MAX_FILES = 128


@dataclass(frozen=True)
class Bundle:
    """A trusted bundle. files: name → the very bytes that were hashed; the manifest is apart."""

    files: Mapping[str, bytes]
    manifest: Manifest


def read_pinned(folder: Path, sha256: str) -> Bundle:
    """Read the bundle whose manifest has this sha256 (lower-case hexadecimal)."""
    found = _read_folder(folder)
    if not hmac.compare_digest(hashlib.sha256(found[_MANIFEST]).hexdigest(), sha256):
        raise BundleError("manifest.json: not the bundle that this version of safelight carries")
    return _checked(found)


def read_signed(
    folder: Path, key: bytes, *, key_id: str | None = None, min_sequence: int = 0
) -> Bundle:
    """Read a bundle signed by `key` (32 bytes, Ed25519), of `min_sequence` or later."""
    found = _read_folder(folder)
    if _SIGNATURE not in found:
        raise BundleError("manifest.sig: missing")
    sequence = signature.verify(found[_MANIFEST], found[_SIGNATURE], key, key_id)
    bundle = _checked(found)
    if sequence != bundle.manifest.sequence:
        raise BundleError("manifest.sig: its sequence is not the manifest's")
    return _recent(bundle, min_sequence)


def read_unsigned(folder: Path, *, min_sequence: int = 0) -> Bundle:
    """Read a bundle that nobody vouches for: sizes, hashes and content are checked all the same."""
    return _recent(_checked(_read_folder(folder)), min_sequence)


def _recent(bundle: Bundle, min_sequence: int) -> Bundle:
    if bundle.manifest.sequence < min_sequence:
        raise BundleError(
            f"manifest.json: sequence {bundle.manifest.sequence} is older than {min_sequence}"
        )
    return bundle


def _checked(found: Mapping[str, bytes]) -> Bundle:
    """Compare what was read with what the manifest lists, then look into the model."""
    manifest = parse_manifest(found[_MANIFEST])
    files = {name: data for name, data in found.items() if name not in (_MANIFEST, _SIGNATURE)}
    for name in files:
        if name not in manifest.files:
            raise BundleError(f"{name}: not listed in the manifest")
    for name, entry in manifest.files.items():
        if name not in files:
            raise BundleError(f"{name}: missing")
        if len(files[name]) != entry.bytes:
            raise BundleError(
                f"{name}: has {len(files[name])} bytes, the manifest says {entry.bytes}"
            )
        if hashlib.sha256(files[name]).hexdigest() != entry.sha256:
            raise BundleError(f"{name}: its sha256 is not the manifest's")
    onnx_scan.scan(files["model.onnx"])
    return Bundle(files, manifest)


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Return name → bytes of every file in the folder, at most one folder deep."""
    try:
        found: dict[str, bytes] = {}
        for name, path in _names(folder):
            if len(found) >= _MAX_FILES:
                raise BundleError("the bundle folder holds too many files")
            found[name] = _read_file(path, name)
    except OSError as error:
        raise BundleError(f"the bundle folder cannot be read: {error.strerror}") from None
    if _MANIFEST not in found:
        raise BundleError("manifest.json: missing")
    return found


def _names(folder: Path, prefix: str = "") -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = prefix + entry.name
            if not FILE_NAME.fullmatch(name):
                raise BundleError("the bundle folder holds a file with a name that is not allowed")
            if entry.is_dir(follow_symlinks=False) and not prefix:
                yield from _names(Path(entry.path), f"{name}/")
            else:
                yield name, entry.path


def _read_file(path: str, name: str) -> bytes:
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise BundleError(f"{name}: not a plain file")
    # Opened without following a link, so that a swap after the check above cannot lead elsewhere.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise BundleError(f"{name}: larger than {MAX_FILE_BYTES} bytes")
    return data
