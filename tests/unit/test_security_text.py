"""Hostile text: nothing crashes, and no text costs more than the longest step allows."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import safelight
from safelight import Guard, Level
from safelight.manifest import parse_manifest
from safelight.taxonomy import MEDIA
from safelight.text import TextPreparer, split_chunks
from safelight_export.text_table import build_table

ROOT = Path(__file__).parents[2]
BUNDLE = Path(safelight.__file__).parent / "bundle"


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


soak = _load(ROOT / "tools" / "soak.py")


def towers() -> st.SearchStrategy[str]:
    marks = st.text(st.characters(categories=["Mn", "Me"]), max_size=80)
    return st.lists(st.tuples(st.characters(), marks).map("".join), max_size=8).map("".join)


def chains() -> st.SearchStrategy[str]:
    joint = st.sampled_from(["\u200d", "\ufe0f", "\U0001f3fd", "\u20e3", ""])
    emoji = st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF)
    return st.lists(st.tuples(emoji, joint).map("".join), max_size=80).map("".join)


ANY = st.one_of(
    st.text(st.characters(), max_size=300),  # every code point, lone surrogates too
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn"]), max_size=100),
    st.text(st.sampled_from("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069ab ")),
    towers(),
    chains(),
    st.tuples(st.text(min_size=1, max_size=4), st.integers(1, 2000)).map(lambda p: p[0] * p[1]),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, tiny_files: dict[str, bytes]) -> Guard:
    """One tiny guard for all examples."""
    folder = tmp_path_factory.mktemp("bundle")
    manifest = json.loads((ROOT / "tests" / "fixtures" / "tiny_manifest.json").read_text("utf-8"))
    manifest["files"] = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in tiny_files.items()
    }
    for name, data in tiny_files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return Guard.load(folder, allow_unsigned=True)


def bounded(guard: Guard, text: str, media: str | None = None) -> None:
    chunks = guard._graph.encode(text, media)
    assert 1 <= len(chunks) <= guard.manifest.max_chunks
    assert all(1 <= len(chunk) <= guard.manifest.max_tokens for chunk in chunks)


@settings(max_examples=300, deadline=None)
@given(ANY, ANY.filter(bool), st.sampled_from([None, *MEDIA]))
def test_any_text_from_anybody_is_observed(
    shared: Guard, text: str, sender: str, media: str | None
) -> None:
    chat = shared.conversation("c")
    for who in (sender, "self"):
        seen = chat.observe(sender=who, text=text, media=media, id=sender)
        assert seen.level in Level
        assert all(0 <= risk <= 1 for risk in seen.risks.values())
    bounded(shared, text, media)


@pytest.mark.parametrize(
    "piece",
    ["a", "keep ", "\u200b", "\ud800", "\u202e", "\u0301", "👩\u200d", "ﷺ", "\n", "http://", "日"],
)
def test_a_line_of_a_megabyte_costs_no_more_steps(shared: Guard, piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    bounded(shared, text)
    assert shared.conversation("c").observe(sender="peer", text=text).level in Level


def test_the_shipped_limits_bound_a_message(tiny_files: dict[str, bytes]) -> None:
    manifest = parse_manifest((BUNDLE / "manifest.json").read_bytes())
    prepared = TextPreparer(build_table()).prepare("ab " * 400_000)
    chunks = split_chunks(range(len(prepared)), manifest.max_tokens, manifest.max_chunks)
    assert len(chunks) == manifest.max_chunks == 4


def test_a_soak_in_small(shared: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "LONG_EVERY", 100)
    assert soak.soak_texts(shared, 1, range(400)) is None
    assert soak.soak_exports(1, range(150)) is None
    assert soak.hostile_text(1, 7) == soak.hostile_text(1, 7) != soak.hostile_text(2, 7)
    assert {soak.hostile_text(1, n)[0] for n in range(8)} == {k.__name__[1:] for k in soak.KINDS}


def test_a_soak_names_what_fails_and_no_text(
    shared: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, media: str | None = None) -> list[list[int]]:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(shared._graph, "encode", broken)
    assert soak.soak_texts(shared, 1, range(9)) == "text 0 (any): ValueError"
    monkeypatch.setattr(shared._graph, "encode", lambda text, media=None: [[1]] * 99)
    assert soak.soak_texts(shared, 1, range(3, 9)) == "text 3 (surrogates): AssertionError (steps)"
    monkeypatch.setattr(soak, "MAX_TEXT", 1)
    found = soak.soak_exports(1, range(50))
    assert found is not None and found.endswith("AssertionError (length)")
