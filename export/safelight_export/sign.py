"""Signs a bundle that does not come with the package (Ed25519, detached, `manifest.sig`)."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from safelight.manifest import parse_manifest
from safelight.signature import DOMAIN


def new_key(path: Path) -> bytes:
    """Writes a new private key (32 raw bytes, readable by its owner alone); returns the public one.

    FileExistsError if something lies at `path`: a key is never overwritten.
    """
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign_with(folder: Path, key: Path, key_id: str) -> bytes:
    """Signs with the private key in a file, made where it is missing; returns the public one."""
    if not key.exists():
        new_key(key)
    private = key.read_bytes()
    sign(folder, private, key_id)
    public = Ed25519PrivateKey.from_private_bytes(private).public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(folder: Path, private_key: bytes, key_id: str) -> None:
    """Writes `manifest.sig` over the manifest of `folder`; the manifest must be a sound one."""
    manifest = (folder / "manifest.json").read_bytes()
    sequence = parse_manifest(manifest).sequence
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(DOMAIN + manifest)
    content = {
        "key_id": key_id,
        "sequence": sequence,
        "signature": base64.b64encode(signature).decode(),
    }
    (folder / "manifest.sig").write_text(json.dumps(content, indent=1) + "\n", "utf-8")
