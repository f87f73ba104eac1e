"""The detached Ed25519 signature of a bundle that does not come with the package."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from safelight import reading
from safelight.reading import BundleError

#: What is signed is this and then the bytes of manifest.json.
DOMAIN = b"safelight-bundle-v1\0"
KEY_BYTES = 32
_WHERE = "manifest.sig"


def verify(manifest: bytes, signature: bytes, key: bytes, key_id: str | None = None) -> int:
    """Verify manifest.sig over the bytes of manifest.json; return its sequence number.

    signature: the JSON of manifest.sig, {"key_id", "sequence", "signature" in base64}.
    key: 32 bytes, an Ed25519 public key (ValueError otherwise). key_id: if given, must be the
    one in the file. BundleError if anything does not fit. The sequence in manifest.sig is not
    signed itself: the caller must compare it with the manifest's.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("key must be the 32 bytes of an Ed25519 public key")
    found = reading.exact_keys(
        reading.parse_json(signature, _WHERE), ("key_id", "sequence", "signature"), _WHERE
    )
    named = reading.text(found["key_id"], f"{_WHERE}: key_id")
    if key_id is not None and named != key_id:
        raise BundleError(f"{_WHERE}: signed with another key id")
    sequence = reading.integer(found["sequence"], f"{_WHERE}: sequence", low=1, high=2**53 - 1)
    try:
        raw = base64.b64decode(
            reading.text(found["signature"], f"{_WHERE}: signature"), validate=True
        )
        Ed25519PublicKey.from_public_bytes(key).verify(raw, DOMAIN + manifest)
    except (binascii.Error, ValueError, InvalidSignature):
        raise BundleError(
            f"{_WHERE}: the signature does not fit the manifest and the key"
        ) from None
    return sequence
