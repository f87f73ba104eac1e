"""A chat's state as an opaque blob under a key that the app holds: encrypted, of one length.

AES-256-GCM with a random nonce; the key of each chat is derived from the app's (HKDF-SHA256), and
what the blob belongs to is authenticated: format, model, counter and chat. In the clear stand the
format, the hash of the model, the counter and the nonce, so a counter should say nothing but the
order. Snapshots are an optimisation: an app that loses one, or has one refused, replays its
history.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight import snapshot_payload as payload
from safelight.conversation import ChatState
from safelight.reading import BundleError
from safelight.subkey import subkey

FORMAT = 1
MAX_COUNTER = 2**63 - 1
_MAGIC = b"SFLS"
_DOMAIN = b"safelight-snapshot-v1\0"
#: What is authenticated in the clear: magic, format, sha256 of model.onnx, counter.
_HEAD = struct.Struct("<4sB32sQ")
_NONCE_BYTES, _TAG_BYTES = 12, 16
#: No snapshot is larger: the largest state that a manifest may ask for.
MAX_BYTES = _HEAD.size + _NONCE_BYTES + payload.size(4096) + _TAG_BYTES


class SnapshotError(Exception):
    """A snapshot was refused, or its file could not be used; one line, no id and no text.

    A chat whose snapshot is refused starts afresh and is replayed from the app's own history.
    """


@dataclass(frozen=True, eq=False)
class Opened:
    """What a snapshot held. state: None where it was made with another model."""

    state: ChatState | None = field(repr=False)
    choices: Mapping[str, Any] = field(repr=False)


def seal(
    state: ChatState,
    choices: Mapping[str, Any],
    key: bytes,
    *,
    chat_id: str,
    model: bytes,
    counter: int,
    new_nonce: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return the snapshot of a chat; its length depends on the model alone.

    key: 32 bytes, the app's. model: sha256 of model.onnx, 32 bytes. counter: 0 to 2**63 - 1.
    ValueError if these are faulty. new_nonce: gives so many random bytes; another than the
    system's is for golden vectors alone, since a nonce used twice opens both snapshots.
    """
    if isinstance(counter, bool) or not isinstance(counter, int) or not 0 <= counter <= MAX_COUNTER:
        raise ValueError("counter must be a whole number from 0 to 2**63 - 1")
    cipher = _cipher(key, chat_id)
    head = _HEAD.pack(_MAGIC, FORMAT, model, counter)
    nonce = new_nonce(_NONCE_BYTES)
    sealed = cipher.encrypt(nonce, payload.encode(state, choices), head + _utf8(chat_id))
    return head + nonce + sealed


def unseal(
    blob: bytes, key: bytes, *, chat_id: str, model: bytes, state_size: int, min_counter: int = 0
) -> Opened:
    """Return what `seal` was given; only the choices where `model` is another one than then.

    SnapshotError if the blob was changed or cut, is of another chat or key, of a newer format, or
    has a counter below `min_counter`. ValueError if the key has not 32 bytes.
    """
    cipher = _cipher(key, chat_id)
    if not _HEAD.size + _NONCE_BYTES + _TAG_BYTES < len(blob) <= MAX_BYTES:
        raise SnapshotError("not a snapshot")
    magic, version, made_with, counter = _HEAD.unpack_from(blob)
    if magic != _MAGIC:
        raise SnapshotError("not a snapshot")
    if version != FORMAT:
        raise SnapshotError("the snapshot has a format that this version does not read")
    plain = _decrypted(cipher, blob, _utf8(chat_id))
    if counter < min_counter:
        raise SnapshotError("the snapshot is older than the one asked for")
    # Raised after the except block, so that no error about the content hangs from this one.
    try:
        choices = payload.decode_choices(plain)
        state = payload.decode(plain, state_size) if made_with == model else None
        return Opened(state, choices)
    except (ValueError, IndexError, struct.error, BundleError):
        pass
    raise SnapshotError("the snapshot holds what this version cannot read")


def _decrypted(cipher: AESGCM, blob: bytes, chat_id: bytes) -> bytes:
    head, rest = blob[: _HEAD.size], blob[_HEAD.size :]
    try:
        return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head + chat_id)
    except InvalidTag:
        raise SnapshotError("the snapshot is damaged, or of another chat or key") from None


def _cipher(key: bytes, chat_id: str) -> AESGCM:
    return AESGCM(subkey(key, _DOMAIN + _utf8(chat_id)))


def _utf8(chat_id: str) -> bytes:
    if not isinstance(chat_id, str):
        raise ValueError("the id of a chat must be a string")
    return chat_id.encode("utf-8", "surrogatepass")
