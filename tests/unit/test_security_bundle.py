"""A bundle in hostile hands: any changed byte, and what even the right signature does not allow.

The ways in which one file or field is faulty stand in test_bundle_files.py.
"""

from __future__ import annotations

import base64
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safelight import BundleError, Guard
from safelight.bundle_files import read_pinned, read_signed, read_unsigned
from safelight.guard import SHIPPED
from safelight.manifest import MAX_FILE_BYTES, REQUIRED_FILES
from safelight.pin import PINNED_MANIFEST_SHA256
from safelight.signature import DOMAIN

Make = Callable[..., Path]
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEY = PRIVATE.public_key().public_bytes_raw()
SHIPPED_FILES = sorted(p.relative_to(SHIPPED).as_posix() for p in SHIPPED.rglob("*.*"))


def sign(folder: Path) -> Path:
    signed = base64.b64encode(PRIVATE.sign(DOMAIN + (folder / "manifest.json").read_bytes()))
    content = {"key_id": "k1", "sequence": 3, "signature": signed.decode()}
    (folder / "manifest.sig").write_text(json.dumps(content))
    return folder


def places(size: int) -> list[int]:
    """Both ends, the middle, and some between; the same on every run."""
    return sorted({0, size // 2, size - 1, *random.Random(size).sample(range(size), min(size, 9))})


def changed(data: bytes, place: int) -> bytes:
    """One bit of one byte another."""
    return data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :]


@pytest.mark.parametrize("name", [*REQUIRED_FILES, "manifest.json"])
def test_one_changed_byte_anywhere_in_a_signed_bundle(tiny_bundle: Path, name: str) -> None:
    path = sign(tiny_bundle) / name
    data = path.read_bytes()
    read_signed(tiny_bundle, KEY)
    for place in places(len(data)):
        path.write_bytes(changed(data, place))
        with pytest.raises(BundleError):
            read_signed(tiny_bundle, KEY)


@pytest.mark.parametrize("name", SHIPPED_FILES)
def test_one_changed_byte_in_the_bundle_of_the_package(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(SHIPPED, folder)
    path = folder / name
    data = path.read_bytes()
    for place in (0, random.Random(name).randrange(len(data)), len(data) - 1):
        path.write_bytes(changed(data, place))
        with pytest.raises(BundleError, match=name):
            read_pinned(folder, PINNED_MANIFEST_SHA256)


def test_a_changed_byte_of_the_signature_never_gives_another_bundle(tiny_bundle: Path) -> None:
    path = sign(tiny_bundle) / "manifest.sig"
    data, sound = path.read_bytes(), read_signed(tiny_bundle, KEY)
    refused = 0
    for place in range(len(data)):
        for bit in range(8):
            path.write_bytes(data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :])
            try:
                read = read_signed(tiny_bundle, KEY, key_id="k1")
            except BundleError:
                refused += 1
            else:  # base 64 has spare bits at its end, JSON has blanks: they carry nothing
                assert (read.files, read.manifest) == (sound.files, sound.manifest)
    assert refused > 0.95 * 8 * len(data)


def _labels(manifest: dict[str, Any]) -> None:
    manifest["labels"]["indicators"][0] = "swearing"


def _more_labels(manifest: dict[str, Any]) -> None:
    manifest["labels"]["risks"].append("dissent")


def _outside(manifest: dict[str, Any]) -> None:
    manifest["files"]["../text.json"] = manifest["files"].pop("text.json")


def _absolute(manifest: dict[str, Any]) -> None:
    manifest["files"]["/etc/hostname"] = {"bytes": 1, "sha256": "0" * 64}


def _huge(manifest: dict[str, Any]) -> None:
    manifest["files"]["model.onnx"]["bytes"] = MAX_FILE_BYTES + 1


def _swapped(manifest: dict[str, Any]) -> None:
    files = manifest["files"]
    files["text.json"], files["resources.json"] = files["resources.json"], files["text.json"]


# The one who holds the key may err, or be made to: the label list and the form hold all the same.
SIGNED_AND_REFUSED: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("another indicator", _labels, r"labels\.indicators differ"),
    ("one risk more", _more_labels, r"labels\.risks differ"),
    ("a newer format", lambda m: m.update(format=2), "format 2 is newer"),
    ("an older sequence", lambda m: m.update(sequence=2), "its sequence is not the manifest's"),
    ("a name that leads out", _outside, "is missing"),
    ("an absolute name", _absolute, "a name is not allowed"),
    ("a size without bound", _huge, "must lie between"),
    ("two files exchanged", _swapped, "bytes, the manifest says"),
    ("a field that nobody knows", lambda m: m["labels"].update(ages=["minor"]), "not known"),
]


@pytest.mark.parametrize("row", SIGNED_AND_REFUSED, ids=[row[0] for row in SIGNED_AND_REFUSED])
def test_a_right_signature_over_a_wrong_manifest(
    make_bundle: Make, row: tuple[str, Callable[[dict[str, Any]], object], str]
) -> None:
    _, change, words = row
    with pytest.raises(BundleError, match=words):
        Guard.load(sign(make_bundle(change)), key=KEY)


@pytest.mark.parametrize("name", ["notes.txt", "model.onnx.data", "advice/xx.json"])
def test_a_file_that_the_signed_manifest_does_not_list(tiny_bundle: Path, name: str) -> None:
    (sign(tiny_bundle) / name).write_bytes(b"{}")
    with pytest.raises(BundleError, match=f"{name}: not listed"):
        Guard.load(tiny_bundle, key=KEY)


def test_a_signature_behind_a_link(tiny_bundle: Path, tmp_path: Path) -> None:
    (sign(tiny_bundle) / "manifest.sig").rename(tmp_path / "elsewhere")
    (tiny_bundle / "manifest.sig").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match=r"manifest\.sig: not a plain file"):
        Guard.load(tiny_bundle, key=KEY)


def test_no_error_quotes_what_a_file_holds(make_bundle: Make) -> None:
    said = "Canary-text-of-a-bundle"
    for key in ("model_version", "created", "languages", "labels", "files", "format", "seed"):
        folder = make_bundle(lambda m, key=key: m.update({key: f" {said}"}))
        with pytest.raises(BundleError) as caught:
            read_unsigned(folder)
        assert said not in str(caught.value)
        assert caught.value.__cause__ is None
