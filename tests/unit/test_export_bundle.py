"""Bundles are sealed, signed and pinned so that the runtime's own checks accept them."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight import Guard, pin
from safelight.bundle_files import BundleError
from safelight_export import bundle, cli
from safelight_export.sign import new_key, sign


@pytest.fixture
def signed(tmp_path: Path, tiny_bundle: Path) -> tuple[Path, bytes]:
    """A bundle signed as "mine", and the public key."""
    public = new_key(tmp_path / "my.key")
    sign(tiny_bundle, (tmp_path / "my.key").read_bytes(), "mine")
    return tiny_bundle, public


def test_a_signed_bundle_loads_with_its_key(signed: tuple[Path, bytes]) -> None:
    folder, public = signed
    guard = Guard.load(folder, key=public, key_id="mine", min_sequence=3)
    assert guard.conversation("c").observe(sender="peer", text="hello").level.label == "none"


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("another key", lambda folder, key: {"key": bytes([key[0] ^ 1]) + key[1:]}),
        ("another name", lambda folder, key: {"key": key, "key_id": "other"}),
        ("an old sequence", lambda folder, key: {"key": key, "min_sequence": 4}),
    ],
)
def test_a_signed_bundle_is_refused(
    signed: tuple[Path, bytes], why: str, change: Callable[[Path, bytes], dict[str, Any]]
) -> None:
    folder, public = signed
    with pytest.raises(BundleError):
        Guard.load(folder, **change(folder, public))


def test_a_change_after_signing_is_refused(signed: tuple[Path, bytes]) -> None:
    folder, public = signed
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "seed": 8}), "utf-8")
    with pytest.raises(BundleError, match=r"manifest\.sig: .* does not fit"):
        Guard.load(folder, key=public)


def test_a_signature_goes_with_the_manifest_that_it_is_of(
    tmp_path: Path, signed: tuple[Path, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, public = signed
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    bundle.seal(folder, manifest)  # other bytes: laid out as this code does
    assert not (folder / "manifest.sig").exists()
    assert capsys.readouterr().err == "manifest.sig: removed, as it is not of the new manifest\n"
    sign(folder, (tmp_path / "my.key").read_bytes(), "mine")
    bundle.seal(folder, manifest)
    assert capsys.readouterr().err == ""
    Guard.load(folder, key=public, key_id="mine")


def test_a_key_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "my.key"
    new_key(path)
    before = path.read_bytes()
    assert len(before) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        new_key(path)
    assert path.read_bytes() == before


def test_seal_lists_every_file(tiny_bundle: Path) -> None:
    manifest = json.loads((tiny_bundle / "manifest.json").read_text("utf-8"))
    (tiny_bundle / "advice" / "fr.json").write_bytes((tiny_bundle / "advice/en.json").read_bytes())
    (tiny_bundle / "manifest.sig").write_text("{}")
    bundle.seal(tiny_bundle, manifest)
    sealed = json.loads((tiny_bundle / "manifest.json").read_text("utf-8"))
    assert set(sealed["files"]) == {*manifest["files"], "advice/fr.json"}
    for name, entry in sealed["files"].items():
        data = (tiny_bundle / name).read_bytes()
        assert entry == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_seal_refuses_what_a_phone_would(tiny_bundle: Path) -> None:
    before = (tiny_bundle / "manifest.json").read_bytes()
    manifest = json.loads(before)
    manifest["labels"]["cues"] = ["other"]
    with pytest.raises(BundleError, match="labels"):
        bundle.seal(tiny_bundle, manifest)
    assert (tiny_bundle / "manifest.json").read_bytes() == before


def test_write_bundle_makes_one_that_loads(
    tmp_path: Path, tiny_bundle: Path, tiny_manifest: dict[str, Any]
) -> None:
    tiny_manifest.pop("files")
    target = tmp_path / "written"
    model, tokenizer = ((tiny_bundle / n).read_bytes() for n in ("model.onnx", "tokenizer.json"))
    table = json.loads((tiny_bundle / "text.json").read_text("utf-8"))
    bundle.write_bundle(target, model, tokenizer, table, tiny_manifest, content=tiny_bundle)
    guard = Guard.load(target, allow_unsigned=True)
    assert guard.manifest.sequence == 3
    assert guard.conversation("c").observe(sender="peer", text="keep").indicators["secrecy"] > 0.5


def test_write_bundle_refuses_what_a_phone_would(
    tmp_path: Path, tiny_bundle: Path, tiny_manifest: dict[str, Any]
) -> None:
    tiny_manifest.pop("files")
    tokenizer = (tiny_bundle / "tokenizer.json").read_bytes()
    table = json.loads((tiny_bundle / "text.json").read_text("utf-8"))
    with pytest.raises(BundleError, match=r"model\.onnx"):
        bundle.write_bundle(tmp_path / "written", b"no graph", tokenizer, table, tiny_manifest,
                            content=tiny_bundle)  # fmt: skip


def test_write_bundle_copies_the_texts_of_every_language(
    tmp_path: Path, tiny_bundle: Path, tiny_manifest: dict[str, Any]
) -> None:
    for folder in ("advice", "guides"):
        french = (tiny_bundle / folder / "en.json").read_text("utf-8").replace('"en"', '"fr"', 1)
        (tiny_bundle / folder / "fr.json").write_text(french, "utf-8")
    tiny_manifest.pop("files")
    model, tokenizer = ((tiny_bundle / n).read_bytes() for n in ("model.onnx", "tokenizer.json"))
    table = json.loads((tiny_bundle / "text.json").read_text("utf-8"))
    target = tmp_path / "written"
    bundle.write_bundle(target, model, tokenizer, table, tiny_manifest, content=tiny_bundle)
    guard = Guard.load(target, allow_unsigned=True)
    assert guard.guide("after", "fr").language == "fr"
    assert guard.book.words("fr").language == "fr"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder of its own, so that the real one stays as it is."""
    folder = tmp_path / "package"
    (folder / "bundle").mkdir(parents=True)
    old = pin.PINNED_MANIFEST_SHA256
    (folder / "pin.py").write_text(f'PINNED_MANIFEST_SHA256 = "{old}"\n', "utf-8")
    monkeypatch.setattr(bundle, "PACKAGE", folder)
    monkeypatch.setattr(bundle, "SHIPPED", folder / "bundle")
    monkeypatch.setattr(pin, "PINNED_MANIFEST_SHA256", old)
    return folder


def pinned(package: Path) -> bool:
    digest = hashlib.sha256((package / "bundle" / "manifest.json").read_bytes()).hexdigest()
    return (package / "pin.py").read_text("utf-8") == f'PINNED_MANIFEST_SHA256 = "{digest}"\n'


def test_ship_and_reseal_pin_the_manifest(package: Path, tiny_bundle: Path) -> None:
    assert cli.main(["ship", str(tiny_bundle)]) == 0
    assert pinned(package)
    shipped = package / "bundle"
    assert {p.name for p in shipped.iterdir()} == {p.name for p in tiny_bundle.iterdir()}
    advice = shipped / "advice" / "en.json"
    advice.write_text(advice.read_text("utf-8").replace("Line.", "Another line."), "utf-8")
    assert cli.main(["reseal"]) == 0
    assert pinned(package)
    Guard.load(shipped, allow_unsigned=True)


def test_ship_leaves_a_signature_behind(package: Path, signed: tuple[Path, bytes]) -> None:
    older = package / "bundle" / "manifest.sig"
    for stale in (False, True):
        if stale:
            older.write_text("{}")
        assert cli.main(["ship", str(signed[0])]) == 0
        assert pinned(package)
        assert not older.exists()
    assert (signed[0] / "manifest.sig").exists()


def test_refresh_gives_an_older_bundle_the_shipped_texts(
    package: Path, tiny_bundle: Path, make_bundle: Callable[..., Path]
) -> None:
    assert cli.main(["ship", str(tiny_bundle)]) == 0
    older = make_bundle()
    (older / "guides" / "en.json").unlink()
    (older / "guides").rmdir()
    with pytest.raises(BundleError, match=r"guides/en\.json"):
        Guard.load(older, allow_unsigned=True)
    assert cli.main(["refresh", str(older)]) == 0
    assert Guard.load(older, allow_unsigned=True).guide("after", "en").title == "Title after"
    assert pinned(package)


def test_the_commands_make_a_signed_bundle(
    tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "my.key"
    assert cli.main(["keygen", str(key)]) == 0
    public = bytes.fromhex(capsys.readouterr().out.strip())
    assert cli.main(["sign", str(tiny_bundle), "--key", str(key), "--key-id", "mine"]) == 0
    Guard.load(tiny_bundle, key=public, key_id="mine")


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_refused_in_one_line(
    tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    key = tmp_path / "key.pem"
    if content is not None:
        key.write_bytes(content)
    assert cli.main(["sign", str(tiny_bundle), "--key", str(key), "--key-id", "k"]) == 3
    said = capsys.readouterr().err
    assert said.startswith(f"safelight_export: {key}: ")
    assert said.count("\n") == 1


def test_a_refusal_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "my.key"
    cli.main(["keygen", str(key)])
    capsys.readouterr()
    assert cli.main(["sign", str(tmp_path / "none"), "--key", str(key), "--key-id", "k"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("safelight_export: ")
    assert said.err.count("\n") == 1
