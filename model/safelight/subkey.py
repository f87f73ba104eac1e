"""Keys of single uses, derived from the one that the app keeps."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def subkey(key: bytes, info: bytes) -> bytes:
    """Return the 32 bytes for the use that `info` names (HKDF-SHA256, RFC 5869, no salt).

    key: 32 bytes, the app's; ValueError otherwise.
    """
    if not isinstance(key, bytes | bytearray) or len(key) != KEY_BYTES:
        raise ValueError(f"key must be {KEY_BYTES} bytes")
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(bytes(key))
