"""A tiny bundle that runs for real: a seeded graph, a small tokenizer, and content in English.

Four words are planted, one to an indicator; every one of them raises both risks, which fade by
about a tenth with each ordinary message. Everything else in the graph is small seeded noise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

from safelight import Guard
from safelight.advice import STAGE_KEYS
from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_export.text_table import build_table

PLANTED = {
    "keep": "secrecy",
    "picture": "image_request",
    "everyone": "share_threat",
    "coins": "payment_demand",
}
STATE, EMBEDDING = 8, 12
MANIFEST = Path(__file__).parent / "fixtures" / "tiny_manifest.json"
_WORDS = ("hello", "how", "are", "you", "the", "match", "was", "good", "at", "five")


def _tokenizer() -> Tokenizer:
    singles = [chr(c) for c in range(0x20, 0x7F)]
    words = [f"\u2581{word}" for word in (*PLANTED, *_WORDS)]
    vocabulary = [("<unk>", 0.0), *((w, -2.0) for w in words), ("\u2581", -4.0)]
    vocabulary += [(single, -8.0) for single in singles]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokens = build_table()["tokens"].values()
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in tokens])
    return tokenizer


def _weights(tokenizer: Tokenizer) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)

    def noise(*shape: int) -> np.ndarray:
        return rng.normal(0.0, 0.05, shape).astype(np.float32)

    features = EMBEDDING + 3
    weights = {
        "embedding": noise(tokenizer.get_vocab_size(), EMBEDDING),
        "gru_w": noise(1, 3 * STATE, features),
        "gru_r": noise(1, 3 * STATE, STATE),
        "gru_b": np.zeros((1, 6 * STATE), np.float32),
        "label_w": noise(features + STATE, len(INDICATORS) + len(CUES)),
        "label_b": noise(len(INDICATORS) + len(CUES)) - 5.0,
        "risk_w": noise(STATE, len(RISKS)),
        "risk_b": noise(len(RISKS)) - 3.0,
    }
    for dimension, (word, indicator) in enumerate(PLANTED.items()):
        weights["embedding"][tokenizer.token_to_id(f"\u2581{word}"), dimension] = 8.0
        weights["label_w"][dimension, INDICATORS.index(indicator)] = 9.0
        # ONNX orders the gates z, r, h: a planted word opens unit 0 and fills it.
        weights["gru_w"][0, 0, dimension] = -9.0
        weights["gru_w"][0, 2 * STATE, dimension] = 4.0
    weights["gru_b"][0, 0] = 2.2
    weights["risk_w"][0, :] = 8.0
    return weights


_CONSTANTS = {
    "last": np.array([-1], np.int64),
    "first": np.array([0], np.int64),
    "one": np.array([1], np.int64),
    "zero": np.array(0.0, np.float32),
    "split": np.array([len(INDICATORS), len(CUES)], np.int64),
}


def build_model(tokenizer: Tokenizer) -> bytes:
    """Return the graph of format 1: masked mean of embeddings, a GRU cell, three heads."""
    node = helper.make_node
    nodes = [
        node("Gather", ["embedding", "input_ids"], ["vectors"]),
        node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["mask", "last"], ["mask3"]),
        node("Mul", ["vectors", "mask3"], ["kept"]),
        node("ReduceSum", ["kept", "one"], ["sum"], keepdims=0),
        node("ReduceSum", ["mask", "one"], ["count"], keepdims=1),
        node("Div", ["sum", "count"], ["mean"]),
        node("Cast", ["sender"], ["sender_f"], to=TensorProto.FLOAT),
        node("Unsqueeze", ["sender_f", "one"], ["sender2"]),
        node("Unsqueeze", ["gap_s", "one"], ["gap2"]),
        node("Max", ["gap2", "zero"], ["gap_from_0"]),
        node("GreaterOrEqual", ["gap2", "zero"], ["known_b"]),
        node("Cast", ["known_b"], ["known"], to=TensorProto.FLOAT),
        node("Softsign", ["gap_from_0"], ["gap_small"]),
        node("Concat", ["mean", "sender2", "gap_small", "known"], ["features"], axis=1),
        node("Unsqueeze", ["features", "first"], ["sequence"]),
        node("Unsqueeze", ["state", "first"], ["before"]),
        node(
            "GRU",
            ["sequence", "gru_w", "gru_r", "gru_b", "", "before"],
            ["", "after"],
            hidden_size=STATE,
        ),
        node("Squeeze", ["after", "first"], ["state_out"]),
        node("Concat", ["features", "state"], ["wide"], axis=1),
        node("Gemm", ["wide", "label_w", "label_b"], ["label_logits"]),
        node("Sigmoid", ["label_logits"], ["labels"]),
        node("Split", ["labels", "split"], ["indicators", "cues"], axis=1),
        node("Gemm", ["state_out", "risk_w", "risk_b"], ["risk_logits"]),
        node("Sigmoid", ["risk_logits"], ["risks"]),
    ]
    return _model(nodes, {**_weights(tokenizer), **_CONSTANTS})


def _model(nodes: list[Any], tensors: dict[str, np.ndarray]) -> bytes:
    whole, real = TensorProto.INT64, TensorProto.FLOAT
    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            info("input_ids", whole, ["batch", "tokens"]),
            info("attention_mask", whole, ["batch", "tokens"]),
            info("sender", whole, ["batch"]),
            info("gap_s", real, ["batch"]),
            info("state", real, ["batch", STATE]),
        ],
        [
            info("risks", real, ["batch", len(RISKS)]),
            info("indicators", real, ["batch", len(INDICATORS)]),
            info("cues", real, ["batch", len(CUES)]),
            info("state_out", real, ["batch", STATE]),
        ],
        [numpy_helper.from_array(value, name) for name, value in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def _manifest(files: dict[str, bytes]) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["files"] = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    }
    return manifest


def _advice() -> dict[str, Any]:
    def words(title: str) -> dict[str, Any]:
        return {"title": title, "lines": ["Line."], "action": "Action", "steps": ["Step."]}

    def stage(key: str) -> dict[str, Any]:
        source = {"publisher": "Example", "url": f"https://www.example.com/{key}"}
        return {"young": words(f"Title {key}"), "sources": [source]}

    stages = {key: stage(key) for key in STAGE_KEYS}
    stages["threat"]["adult"] = words("Adult title")
    ui = ("noticed", "get_help", "can_be_wrong", "not_recently_checked", "discreet", "muted_urgent")
    ways = ("chat", "text", "call", "web", "email", "app")
    return {
        "format": 2,
        "language": "en",
        "review": "none",
        "levels": {name: name.title() for name in ("none", "notice", "warning", "urgent")},
        "ui": {key: key.replace("_", " ") for key in (*ui, *ways)},
        "indicator_names": {name: f"name of {name}" for name in INDICATORS},
        "stages": stages,
    }


def _card(id: str, countries: list[str], purposes: list[str], **changes: Any) -> dict[str, Any]:
    card = {
        "id": id,
        "countries": countries,
        "name": id.title(),
        "purposes": purposes,
        "channels": [{"kind": "call", "value": "555-0100"}],
        "languages": ["en"],
        "serves": {},
        "hours": {},
        "note": {"en": "Free."},
        "source": "https://www.example.com/help",
        "page_date": "2026-01-01",
        "verification": "primary",
        "anonymous": None,
        "anonymous_source": None,
    }
    return {**card, **changes}


def _card_words() -> dict[str, Any]:
    def texts(*keys: str) -> dict[str, Any]:
        return {key: {"en": f"{key} text", "fr": f"texte {key}"} for key in keys}

    return {
        "before": {"en": "Before", "fr": "Avant"},
        "purposes": texts("talk", "report", "remove", "emergency"),
        "channels": texts("chat", "text", "call", "web", "email", "app"),
        "anonymous": texts("yes", "no", "unknown"),
    }


def _resources() -> dict[str, Any]:
    text_too = [{"kind": "call", "value": "555-0101"}, {"kind": "text", "value": "555-0102"}]
    said = {"anonymous": False, "anonymous_source": "https://www.example.com/privacy"}
    return {
        "format": 2,
        "words": _card_words(),
        "purposes": {key: ["talk", "report"] for key in STAGE_KEYS},
        "cards": [
            _card("aa-line", ["AA"], ["talk"]),
            _card("aa-text", ["AA"], ["talk"], channels=text_too),
            _card("bb-police", ["BB"], ["emergency"]),
            _card("world-talk", ["*"], ["talk"], page_date=None),
            _card("world-report", ["*"], ["report"], page_date="2025-01-01", **said),
        ],
    }


def _indicators() -> dict[str, Any]:
    source = {"title": "Page", "url": "https://www.example.com/signs", "publisher": "Example"}
    return {
        "format": 1,
        "indicators": [
            {"id": id, "name": {"en": id}, "description": {"en": "One."}, "sources": [source]}
            for id in INDICATORS
        ],
    }


def _guides() -> dict[str, Any]:
    def guide(id: str) -> dict[str, Any]:
        section = {
            "heading": f"Heading {id}",
            "lines": ["Line one.", "Line two."],
            "sources": ["https://www.example.com/guide"],
        }
        return {"id": id, "title": f"Title {id}", "sections": [section]}

    guides = [guide("after"), guide("caregiver")]
    return {"format": 1, "language": "en", "review": "none", "guides": guides}


@pytest.fixture(scope="session")
def tiny_files() -> dict[str, bytes]:
    """The files of the tiny bundle but its manifest: name → bytes."""
    tokenizer = _tokenizer()

    def encoded(value: Any) -> bytes:
        return json.dumps(value).encode()

    return {
        "model.onnx": build_model(tokenizer),
        "tokenizer.json": tokenizer.to_str().encode(),
        "text.json": encoded(build_table()),
        "indicators.json": encoded(_indicators()),
        "resources.json": encoded(_resources()),
        "advice/en.json": encoded(_advice()),
        "guides/en.json": encoded(_guides()),
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
