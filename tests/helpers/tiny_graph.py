"""A seeded graph of format 1 and its tokenizer, small enough to build for every run of the tests.

Four words are planted, one to an indicator; every one of them raises both risks, which fade by
about a tenth with each ordinary message. Everything else in the graph is small seeded noise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_export.text_table import build_table

PLANTED = {
    "keep": "secrecy",
    "picture": "image_request",
    "everyone": "share_threat",
    "coins": "payment_demand",
}
STATE, EMBEDDING = 8, 12
_WORDS = ("hello", "how", "are", "you", "the", "match", "was", "good", "at", "five")


def build_tokenizer() -> Tokenizer:
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
