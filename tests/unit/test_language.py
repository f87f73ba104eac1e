"""Whether a chat counts as one of the languages that the model knows."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, load_from_string, numpy_helper

from safelight import Guard
from safelight.language import LanguageRule, evidence, supported
from safelight.reading import BundleError

RULE = LanguageRule(decay=0.5, foreign=2.0, known=3.0)


def said(other: float) -> np.ndarray:
    return np.array([1 - other, other], np.float32)


def test_evidence_is_a_decayed_sum_of_log_odds() -> None:
    after = evidence(RULE, 4.0, "hello", said(0.9))
    assert after == pytest.approx(0.5 * 4.0 + math.log(9), abs=1e-5)
    assert evidence(RULE, 0.0, "hello", said(1.0)) == pytest.approx(6.0)
    assert evidence(RULE, 0.0, "hello", said(0.0)) == pytest.approx(-6.0)


@pytest.mark.parametrize("text", ["", "123 :)", "\U0001f44d"])
def test_a_message_without_letters_says_nothing(text: str) -> None:
    assert evidence(RULE, 1.5, text, said(0.9)) == 1.5


def test_a_model_without_a_head_tells_nothing() -> None:
    assert evidence(RULE, 1.5, "hello", None) == 1.5
    assert evidence(None, 1.5, "hello", said(0.9)) == 1.5
    assert supported(None, -100.0) is None


@pytest.mark.parametrize(
    ("value", "told"), [(2.0, False), (1.9, None), (0.0, None), (-2.9, None), (-3.0, True)]
)
def test_it_is_told_where_the_evidence_is_enough(value: float, told: bool | None) -> None:
    assert supported(RULE, value) is told


def test_the_rule_stands_in_the_manifest() -> None:
    found = {"decay": 0.5, "foreign": 2.0, "known": 3.0}
    assert LanguageRule.from_manifest({"language": found}) == RULE
    assert LanguageRule.from_manifest({}) is None


@pytest.mark.parametrize(
    "change", [{"decay": 1.5}, {"foreign": 0}, {"known": "3"}, {"more": 1}], ids=str
)
def test_a_faulty_rule_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BundleError, match=r"manifest\.json: language"):
        LanguageRule.from_manifest(
            {"language": {"decay": 0.5, "foreign": 2.0, "known": 3.0} | change}
        )


def with_head(model: bytes) -> bytes:
    """The tiny graph with two languages and the others: "keep" is English, "coins" foreign."""
    graph = load_from_string(model)
    weights = np.zeros((12, 3), np.float32)
    weights[0, 0], weights[3, 2] = 3.0, 3.0
    graph.graph.initializer.append(numpy_helper.from_array(weights, "language_w"))
    graph.graph.node.append(helper.make_node("MatMul", ["mean", "language_w"], ["language_logits"]))
    graph.graph.node.append(helper.make_node("Softmax", ["language_logits"], ["languages"], axis=1))
    info = helper.make_tensor_value_info("languages", TensorProto.FLOAT, ["batch", 3])
    graph.graph.output.append(info)
    return bytes(graph.SerializeToString())


def speaking(
    make_bundle: Callable[..., Path], files: dict[str, bytes], languages: list[str]
) -> Path:
    rule = {"decay": 0.5, "foreign": 8.0, "known": 8.0}
    return make_bundle(
        lambda manifest: manifest.update(language=rule, languages=languages),
        {"model.onnx": with_head(files["model.onnx"])},
    )


def test_a_chat_is_told_after_some_messages(
    make_bundle: Callable[..., Path], tiny_files: dict[str, bytes]
) -> None:
    bundle = speaking(make_bundle, tiny_files, ["en", "fr"])
    chat = Guard.load(bundle, allow_unsigned=True).conversation("c")
    told = [chat.observe(sender="self", text=text).supported_language
            for text in ("coins", "42", "coins", "keep", "keep", "keep")]  # fmt: skip
    assert told == [None, None, False, None, None, True]


def test_a_long_message_has_the_mean_of_its_parts(
    make_bundle: Callable[..., Path], tiny_files: dict[str, bytes]
) -> None:
    bundle = speaking(make_bundle, tiny_files, ["en", "fr"])
    guard = Guard.load(bundle, allow_unsigned=True)
    chat = guard.conversation("c")
    chat.observe(sender="self", text="keep " * 64 + "coins " * 64)
    assert abs(chat.state.foreign) < 1.0


def test_a_head_for_other_languages_than_the_manifests_is_refused(
    make_bundle: Callable[..., Path], tiny_files: dict[str, bytes]
) -> None:
    with pytest.raises(BundleError, match="outputs do not fit"):
        Guard.load(speaking(make_bundle, tiny_files, ["en"]), allow_unsigned=True)
