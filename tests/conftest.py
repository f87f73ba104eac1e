"""A tiny bundle that runs for real: a seeded graph, a small tokenizer, and content in English."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight import Guard
from safelight_export.text_table import build_table
from tiny_content import advice, guides, indicators, resources
from tiny_graph import build_model, build_tokenizer

MANIFEST = Path(__file__).parent / "fixtures" / "tiny_manifest.json"


def _manifest(files: dict[str, bytes]) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["files"] = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    }
    return manifest


@pytest.fixture(scope="session")
def tiny_files() -> dict[str, bytes]:
    """The files of the tiny bundle but its manifest: name → bytes."""
    tokenizer = build_tokenizer()

    def encoded(value: Any) -> bytes:
        return json.dumps(value).encode()

    return {
        "model.onnx": build_model(tokenizer),
        "tokenizer.json": tokenizer.to_str().encode(),
        "text.json": encoded(build_table()),
        "indicators.json": encoded(indicators()),
        "resources.json": encoded(resources()),
        "advice/en.json": encoded(advice()),
        "guides/en.json": encoded(guides()),
    }


@pytest.fixture
def tiny_manifest(tiny_files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest of the tiny bundle, parsed; a fresh one for every test."""
    return _manifest(tiny_files)


@pytest.fixture
def make_bundle(tmp_path: Path, tiny_files: dict[str, bytes]) -> Callable[..., Path]:
    """Return a function that writes a tiny bundle and returns its folder.

    change: edits the manifest in place before it is written. files: replace or add to the
    tiny ones, and are listed in the manifest.
    """

    def make(
        change: Callable[[dict[str, Any]], object] | None = None,
        files: dict[str, bytes] | None = None,
    ) -> Path:
        folder = tmp_path / f"bundle{len(list(tmp_path.iterdir()))}"
        content = {**tiny_files, **(files or {})}
        manifest = _manifest(content)
        if change is not None:
            change(manifest)
        for name, data in content.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return folder

    return make


@pytest.fixture
def tiny_bundle(make_bundle: Callable[..., Path]) -> Path:
    """The folder of a tiny bundle, unsigned."""
    return make_bundle()


@pytest.fixture
def guard(tiny_bundle: Path) -> Guard:
    """A Guard over the tiny bundle. Planted words: "keep", "picture", "everyone", "coins"."""
    return Guard.load(tiny_bundle, allow_unsigned=True)
