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
from safelight.signature import DOMAIN, KEY_BYTES
from safelight_export.bundle import SIGNATURE
from safelight_training.refused import InputError


class SigningKeyError(InputError):
    """A file that is no private key; the message is one line that names it."""


def new_key(path: Path) -> bytes:
    """Writes a new private key (32 raw bytes, readable by its owner alone); returns the public one.

    FileExistsError if something lies at `path`: a key is never overwritten.
    """
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def read_key(path: Path) -> bytes:
    """The private key (32 raw bytes) in a file; SigningKeyError where there is none."""
    try:
        key = path.read_bytes()
    except OSError as error:
        raise SigningKeyError(f"{path}: {error.strerror}") from None
    if len(key) != KEY_BYTES:
        raise SigningKeyError(f"{path}: not a private key, which is {KEY_BYTES} raw bytes")
    return key


def read_or_make_key(path: Path) -> bytes:
    """The same, of a new key where nothing lies at `path`."""
    if not path.exists():
        try:
            new_key(path)
        except OSError as error:
            raise SigningKeyError(f"{path}: {error.strerror}") from None
    return read_key(path)


def sign(folder: Path, private_key: bytes, key_id: str) -> bytes:
    """Writes `manifest.sig` over the manifest of `folder`, which must be a sound one; returns the
    public key."""
    manifest = (folder / "manifest.json").read_bytes()
    sequence = parse_manifest(manifest).sequence
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    signature = key.sign(DOMAIN + manifest)
    content = {
        "key_id": key_id,
        "sequence": sequence,
        "signature": base64.b64encode(signature).decode(),
    }
    (folder / SIGNATURE).write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
