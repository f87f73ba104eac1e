"""What makes a bundle be refused: one line for each way."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from safelight import BundleError, Guard, reading
from safelight.bundle_files import read_pinned, read_signed, read_unsigned
from safelight.manifest import MAX_FILE_BYTES, REQUIRED_FILES, parse_manifest
from safelight.signature import DOMAIN

Make = Callable[..., Path]
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = PRIVATE.public_key().public_bytes_raw()
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()


def sign(folder: Path, *, domain: bytes = DOMAIN, **changes: Any) -> Path:
    manifest = (folder / "manifest.json").read_bytes()
    signature = base64.b64encode(PRIVATE.sign(domain + manifest)).decode()
    content = {"key_id": "k1", "sequence": 3, "signature": signature, **changes}
    (folder / "manifest.sig").write_text(json.dumps(content))
    return folder


def sha256(folder: Path) -> str:
    return hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()


def test_a_sound_bundle_is_read_in_each_way(tiny_bundle: Path) -> None:
    unsigned = read_unsigned(tiny_bundle, min_sequence=3)
    pinned = read_pinned(tiny_bundle, sha256(tiny_bundle))
    signed = read_signed(sign(tiny_bundle), KEY, key_id="k1", min_sequence=3)
    assert unsigned.files == pinned.files == signed.files
    assert sorted(signed.files) == sorted(REQUIRED_FILES)
    assert signed.manifest.sequence == 3


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_one_changed_byte_in_a_file(tiny_bundle: Path, name: str) -> None:
    data = bytearray((tiny_bundle / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tiny_bundle / name).write_bytes(data)
    with pytest.raises(BundleError, match=f"{name}: its sha256"):
        read_unsigned(tiny_bundle)


@pytest.mark.parametrize("name", REQUIRED_FILES)
def test_one_byte_more_in_a_file(tiny_bundle: Path, name: str) -> None:
    with (tiny_bundle / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(BundleError, match=f"{name}: has .* bytes"):
        read_unsigned(tiny_bundle)


@pytest.mark.parametrize("name", [*REQUIRED_FILES, "manifest.json"])
def test_a_file_that_is_missing(tiny_bundle: Path, name: str) -> None:
    (tiny_bundle / name).unlink()
    with pytest.raises(BundleError, match=f"{name}: missing"):
        read_unsigned(tiny_bundle)


@pytest.mark.parametrize("name", ["notes.txt", "advice/fr.json", "model.onnx.data"])
def test_a_file_that_is_not_listed(tiny_bundle: Path, name: str) -> None:
    (tiny_bundle / name).write_bytes(b"{}")
    with pytest.raises(BundleError, match="not listed"):
        read_unsigned(tiny_bundle)


@pytest.mark.parametrize("name", [".hidden", "A.json", "a b.json", "advice/.x", "a..json"])
def test_a_name_on_disk_that_is_not_plain(tiny_bundle: Path, name: str) -> None:
    (tiny_bundle / name).write_bytes(b"{}")
    with pytest.raises(BundleError, match="name that is not allowed"):
        read_unsigned(tiny_bundle)


def test_a_folder_in_a_folder(tiny_bundle: Path) -> None:
    (tiny_bundle / "advice" / "more").mkdir()
    with pytest.raises(BundleError, match="not a plain file"):
        read_unsigned(tiny_bundle)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/x", "a/../b", "a\\b", "", "a//b", "manifest.sig", "a/b/c", "x\u0000"]
)
def test_a_name_in_the_manifest_that_leads_elsewhere(make_bundle: Make, name: str) -> None:
    entry = {"bytes": 1, "sha256": "0" * 64}
    folder = make_bundle(lambda manifest: manifest["files"].update({name: entry}))
    with pytest.raises(BundleError, match="a name is not allowed"):
        read_unsigned(folder)


@pytest.mark.parametrize("name", ["model.onnx", "manifest.json"])
def test_a_link_to_a_file(tiny_bundle: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tiny_bundle / name).rename(elsewhere)
    (tiny_bundle / name).symlink_to(elsewhere)
    with pytest.raises(BundleError, match=f"{name}: not a plain file"):
        read_unsigned(tiny_bundle)


def test_a_link_to_a_folder(tiny_bundle: Path, tmp_path: Path) -> None:
    (tiny_bundle / "advice").rename(tmp_path / "elsewhere")
    (tiny_bundle / "advice").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleError, match="advice: not a plain file"):
        read_unsigned(tiny_bundle)


def test_a_pipe_is_not_waited_for(tiny_bundle: Path) -> None:
    (tiny_bundle / "text.json").unlink()
    os.mkfifo(tiny_bundle / "text.json")
    with pytest.raises(BundleError, match=r"text\.json: not a plain file"):
        read_unsigned(tiny_bundle)


def test_a_file_that_is_too_large(tiny_bundle: Path) -> None:
    with (tiny_bundle / "model.onnx").open("ab") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(BundleError, match=r"model\.onnx: larger than"):
        read_unsigned(tiny_bundle)


def test_too_many_files(tiny_bundle: Path) -> None:
    for index in range(200):
        (tiny_bundle / f"extra{index}.json").write_bytes(b"{}")
    with pytest.raises(BundleError, match="too many files"):
        read_unsigned(tiny_bundle)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        read_unsigned(tmp_path / "nowhere")


def test_a_manifest_that_is_not_the_pinned_one(tiny_bundle: Path) -> None:
    pin = sha256(tiny_bundle)
    manifest = tiny_bundle / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    with pytest.raises(BundleError, match="not the bundle"):
        read_pinned(tiny_bundle, pin)


def test_a_signature_that_is_missing(tiny_bundle: Path) -> None:
    with pytest.raises(BundleError, match=r"manifest\.sig: missing"):
        read_signed(tiny_bundle, KEY)


@pytest.mark.parametrize(
    ("why", "how", "changes", "words"),
    [
        ("another key", {"key": OTHER_KEY}, {}, "does not fit"),
        ("another key id", {"key_id": "k2"}, {}, "another key id"),
        ("a sequence not the manifest's", {}, {"sequence": 4}, "not the manifest's"),
        ("an older sequence", {"min_sequence": 4}, {}, "sequence 3 is older than 4"),
        ("another domain", {}, {"domain": b""}, "does not fit"),
        ("a signature cut short", {}, {"signature": "AAAA"}, "does not fit"),
        ("not base64", {}, {"signature": "not base64!"}, "does not fit"),
        ("a field too many", {}, {"note": "x"}, "not known"),
        ("a sequence that is no number", {}, {"sequence": "3"}, "whole number"),
    ],
)
def test_a_signature_that_does_not_fit(
    tiny_bundle: Path, why: str, how: dict[str, Any], changes: dict[str, Any], words: str
) -> None:
    sign(tiny_bundle, **changes)
    options = {"key": KEY, **how}
    with pytest.raises(BundleError, match=words):
        read_signed(tiny_bundle, **options)


def test_a_manifest_changed_after_it_was_signed(tiny_bundle: Path) -> None:
    sign(tiny_bundle)
    manifest = tiny_bundle / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"licence"', b'"Licence"'))
    with pytest.raises(BundleError, match="does not fit"):
        read_signed(tiny_bundle, KEY)


def test_an_older_sequence_without_a_signature(tiny_bundle: Path) -> None:
    with pytest.raises(BundleError, match="older than 4"):
        read_unsigned(tiny_bundle, min_sequence=4)


def test_a_key_of_the_wrong_length(tiny_bundle: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        read_signed(sign(tiny_bundle), KEY[:31])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "format 2 is newer"),
        ({"format": 0}, "between 1"),
        ({"format": True}, "whole number"),
        ({"sequence": 0}, "between 1"),
        ({"state_size": 0}, "between 1"),
        ({"state_size": 1.5}, "whole number"),
        ({"max_tokens": "16"}, "whole number"),
        ({"max_chunks": 10**9}, "between 1"),
        ({"languages": []}, "entries"),
        ({"languages": ["english"]}, "two lower-case letters"),
        ({"languages": ["en", "en"]}, "repeated"),
        ({"created": "yesterday"}, "must be a date"),
        ({"created": "2026-02-30"}, "must be a date"),
        ({"licence": ""}, "without blanks"),
        ({"calibration": {}}, "missing"),
        ({"evidence": []}, "must be an object"),
        ({"files": {}}, "'model.onnx' is missing"),
    ],
)
def test_a_manifest_with_a_fault(
    tiny_manifest: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    with pytest.raises(BundleError, match=words):
        parse_manifest(json.dumps({**tiny_manifest, **change}).encode())


@pytest.mark.parametrize(
    "key",
    [
        *("format", "model_version", "sequence", "data_version", "seed", "training_commit"),
        *("created", "labels", "state_size", "max_tokens", "max_chunks", "languages"),
        *("calibration", "thresholds", "policy", "evidence", "licence", "files"),
    ],
)
def test_a_manifest_that_lacks_a_field(tiny_manifest: dict[str, Any], key: str) -> None:
    del tiny_manifest[key]
    with pytest.raises(BundleError, match=f"'{key}' is missing"):
        parse_manifest(json.dumps(tiny_manifest).encode())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("indicators", lambda labels: labels.append("swearing")),
        ("indicators", lambda labels: labels.reverse()),
        ("cues", lambda labels: labels.pop()),
        ("risks", lambda labels: labels.append("dissent")),
    ],
)
def test_other_labels(
    tiny_manifest: dict[str, Any], name: str, change: Callable[[list[str]], object]
) -> None:
    change(tiny_manifest["labels"][name])
    with pytest.raises(BundleError, match=f"labels.{name} differ"):
        parse_manifest(json.dumps(tiny_manifest).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"\xff{}", b'{"format": 1, "format": 1}', b'{"format": NaN}', b"[" * 100_000],
)
def test_a_manifest_that_is_not_json(data: bytes) -> None:
    with pytest.raises(BundleError, match=r"manifest\.json: (not valid JSON|must be an object)"):
        parse_manifest(data)


@pytest.mark.parametrize(("key", "value"), [("a", 0.0), ("a", -1.0), ("b", 1e400)])
def test_a_calibration_that_is_not_increasing(
    tiny_manifest: dict[str, Any], key: str, value: float
) -> None:
    tiny_manifest["calibration"]["risks"][key] = [1.0, value]
    with pytest.raises(BundleError, match=r"not valid JSON|between"):
        parse_manifest(json.dumps(tiny_manifest).encode())


def test_the_guard_asks_for_trust(tiny_bundle: Path) -> None:
    with pytest.raises(ValueError, match="needs key"):
        Guard.load(tiny_bundle)
    with pytest.raises(ValueError, match="pinned"):
        Guard.load(key=KEY)
    with pytest.raises(ValueError, match="give key"):  # an app that lost its key looks set up
        Guard.load(tiny_bundle, key_id="k1", allow_unsigned=True)
    assert Guard.load(str(sign(tiny_bundle)), key=KEY, key_id="k1").manifest.sequence == 3
    with pytest.raises(BundleError, match="does not fit"):
        Guard.load(tiny_bundle, key=OTHER_KEY, allow_unsigned=True)


def test_the_guard_checks_the_pin(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safelight.guard.SHIPPED", tiny_bundle)
    monkeypatch.setattr("safelight.guard.PINNED_MANIFEST_SHA256", sha256(tiny_bundle))
    assert Guard.load().manifest.sequence == 3
    monkeypatch.setattr("safelight.guard.PINNED_MANIFEST_SHA256", "0" * 64)
    with pytest.raises(BundleError, match="not the bundle"):
        Guard.load()


@pytest.mark.parametrize("value", [10**400, -(10**400), float("nan"), float("inf"), True, "1"])
def test_a_number_is_one_that_fits(value: Any) -> None:
    with pytest.raises(BundleError, match=r"^m: must"):
        reading.number(value, "m", low=0, high=1)
