"""An evidence file under a passphrase: scrypt gives the key, AES-256-GCM encrypts.

Everything that is not encrypted (format, version, parameters) is authenticated with it.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import unicodedata
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from safelight import reading
from safelight.evidence import encode
from safelight.evidence_file import MAX_FILE, EvidenceError
from safelight.reading import BundleError

KIND = "safelight-evidence-locked"
FORMAT = 1
#: scrypt with N = 2**17, r = 8, p = 1: 128 MiB of memory for each try, as OWASP's Password
#: Storage Cheat Sheet has it. A file may ask for 2**14 to 2**18.
LOG_N, LEAST_LOG_N, MOST_LOG_N = 17, 14, 18
_R, _P = 8, 1
_SALT, _NONCE, _KEY = 16, 12, 32
LEAST_CHARACTERS = 8
_FIELDS = ("kind", "format", "log_n", "salt", "nonce", "data")
_WHERE = "locked evidence"


def lock(
    plain: bytes,
    passphrase: str,
    *,
    log_n: int = LOG_N,
    new_bytes: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Encrypt a file with fresh salt and nonce. ValueError for a passphrase that is too short.

    new_bytes: gives so many random bytes; another than the system's is for golden vectors alone.
    """
    if len(passphrase) < LEAST_CHARACTERS:
        raise ValueError(f"a passphrase has at least {LEAST_CHARACTERS} characters")
    salt, nonce = new_bytes(_SALT), new_bytes(_NONCE)
    key = _key(passphrase, salt, log_n)
    data = AESGCM(key).encrypt(nonce, plain, _bound(FORMAT, log_n, salt))
    value = {
        "kind": KIND,
        "format": FORMAT,
        "log_n": log_n,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "data": base64.b64encode(data).decode("ascii"),
    }
    return json.dumps(value, indent=1).encode("ascii") + b"\n"


def is_locked(data: bytes) -> bool:
    """True if the bytes are meant to be a locked file."""
    if len(data) > 2 * MAX_FILE:
        return False
    try:
        return reading.parse_json(data, _WHERE).get("kind") == KIND
    except BundleError:
        return False


def unlock(data: bytes, passphrase: str) -> bytes:
    """Decrypt a file. EvidenceError if it is no locked file, or for a wrong passphrase."""
    try:
        found = reading.parse_json(data, _WHERE)
        reading.check_format(found, FORMAT, _WHERE)
        found = reading.exact_keys(found, _FIELDS, _WHERE)
        version = reading.integer(found["format"], f"{_WHERE}: format", low=1, high=FORMAT)
        log_n = reading.integer(
            found["log_n"], f"{_WHERE}: log_n", low=LEAST_LOG_N, high=MOST_LOG_N
        )
        salt, nonce = bytes.fromhex(found["salt"]), bytes.fromhex(found["nonce"])
        sealed = base64.b64decode(found["data"], validate=True)
    except BundleError as error:
        raise EvidenceError(str(error)) from None
    except (TypeError, ValueError, binascii.Error):
        raise EvidenceError(f"{_WHERE}: not well formed") from None
    if found["kind"] != KIND or len(salt) != _SALT or len(nonce) != _NONCE:
        raise EvidenceError(f"{_WHERE}: not well formed")
    try:
        key = _key(passphrase, salt, log_n)
        return AESGCM(key).decrypt(nonce, sealed, _bound(version, log_n, salt))
    except InvalidTag:
        raise EvidenceError("wrong passphrase, or the file was changed") from None


def _key(passphrase: str, salt: bytes, log_n: int) -> bytes:
    # NFC: the same letters, typed on another system, are the same passphrase.
    spelled = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=_KEY, n=2**log_n, r=_R, p=_P).derive(spelled)


def _bound(version: int, log_n: int, salt: bytes) -> bytes:
    """What is authenticated beside the data; GCM binds the nonce itself."""
    numbers = (version, log_n, _R, _P)
    return encode(KIND.encode(), b"scrypt", *(n.to_bytes(8, "big") for n in numbers), salt)
