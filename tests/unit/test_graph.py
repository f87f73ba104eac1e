"""The graph step on a tiny real model: one at a time, many at once, long and empty messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, load_from_string
from tokenizers import Tokenizer

from safelight import graph as graph_module
from safelight.graph import Graph, Step
from safelight.reading import BundleError
from safelight.taxonomy import INDICATORS
from safelight_export.text_table import TOKENS

SECRECY = INDICATORS.index("secrecy")
TEXTS = ("keep", "hello how are you", "", "the match was good at five " * 4, "picture", "coins")


@dataclass(frozen=True)
class Sizes:
    state_size: int = 8
    max_tokens: int = 16
    max_chunks: int = 4
    languages: tuple[str, ...] = ("en", "fr")


def load(files: dict[str, bytes], sizes: Sizes | None = None, **changes: bytes) -> Graph:
    model = changes.get("model", files["model.onnx"])
    tokenizer = changes.get("tokenizer", files["tokenizer.json"])
    table = json.loads(changes.get("table", files["text.json"]))
    return Graph(model, tokenizer, table, sizes or Sizes())


@pytest.fixture
def tiny_graph(tiny_files: dict[str, bytes]) -> Graph:
    return load(tiny_files)


def step(graph: Graph, text: str, **changes: Any) -> Step:
    values = {"from_self": False, "gap_s": -1.0, "state": np.zeros(8, np.float32), **changes}
    return Step(chunks=graph.encode(text), **values)


def numbers(found: tuple[Any, np.ndarray]) -> np.ndarray:
    """(conversations, 2 + 21 + 5 + state)"""
    outputs, states = found
    rows = [np.concatenate([o.risks, o.indicators, o.cues]) for o in outputs]
    return np.concatenate([np.stack(rows), states], axis=1)


def test_shapes_and_ranges(tiny_graph: Graph) -> None:
    outputs, states = tiny_graph.step([step(tiny_graph, text) for text in TEXTS])
    assert states.shape == (len(TEXTS), 8)
    assert [o.risks.shape for o in outputs] == [(2,)] * len(TEXTS)
    assert [o.indicators.shape for o in outputs] == [(21,)] * len(TEXTS)
    assert [o.cues.shape for o in outputs] == [(5,)] * len(TEXTS)
    assert all(0.0 <= p <= 1.0 for o in outputs for p in (*o.risks, *o.indicators, *o.cues))


def test_an_empty_batch(tiny_graph: Graph) -> None:
    outputs, states = tiny_graph.step([])
    assert (outputs, states.shape) == ([], (0, 8))


def test_many_at_once_agree_with_one_at_a_time(tiny_graph: Graph) -> None:
    rng = np.random.default_rng(1)
    steps = [
        step(
            tiny_graph,
            TEXTS[index % len(TEXTS)],
            from_self=index % 3 == 0,
            gap_s=float(index - 1),
            state=rng.normal(size=8).astype(np.float32),
        )
        for index in range(9)
    ]
    together = numbers(tiny_graph.step(steps))
    apart = np.concatenate([numbers(tiny_graph.step([each])) for each in steps])
    np.testing.assert_allclose(together, apart, atol=1e-6)


def test_the_same_twice_is_the_same(tiny_graph: Graph) -> None:
    steps = [step(tiny_graph, text) for text in TEXTS]
    np.testing.assert_array_equal(numbers(tiny_graph.step(steps)), numbers(tiny_graph.step(steps)))


def test_a_long_message_is_the_steps_of_its_chunks(tiny_graph: Graph) -> None:
    whole = step(tiny_graph, "keep " * 16 + "hello " * 16 + "picture", gap_s=5.0)
    assert [len(chunk) for chunk in whole.chunks] == [16, 16, 1]
    outputs, states = tiny_graph.step([whole])
    state, parts = whole.state, []
    for index, chunk in enumerate(whole.chunks):
        part = Step([chunk], False, 5.0 if index == 0 else 0.0, state)
        found, after = tiny_graph.step([part])
        parts.append(found[0])
        state = after[0]
    np.testing.assert_allclose(states[0], state, atol=1e-6)
    loudest = np.max([part.risks for part in parts], axis=0)
    np.testing.assert_allclose(outputs[0].risks, loudest, atol=1e-6)
    assert (loudest > parts[-1].risks).any()
    highest = np.max([part.indicators for part in parts], axis=0)
    np.testing.assert_allclose(outputs[0].indicators, highest, atol=1e-6)
    assert outputs[0].indicators[SECRECY] > 0.9 > parts[-1].indicators[SECRECY]


def test_at_most_four_chunks(tiny_graph: Graph) -> None:
    chunks = tiny_graph.encode("hello " * 500 + "keep")
    assert [len(chunk) for chunk in chunks] == [16, 16, 16, 16]
    assert chunks[-1][-1:] == tiny_graph.encode("keep")[0]


def test_a_message_without_tokens_has_one(tiny_graph: Graph, tiny_files: dict[str, bytes]) -> None:
    tokenizer = Tokenizer.from_str(tiny_files["tokenizer.json"].decode())
    assert tiny_graph.encode("") == [[tokenizer.token_to_id("<unk>")]]
    assert tiny_graph.encode("\u200b\u200b") == tiny_graph.encode("")


def test_a_medium_is_one_token(tiny_graph: Graph, tiny_files: dict[str, bytes]) -> None:
    tokenizer = Tokenizer.from_str(tiny_files["tokenizer.json"].decode())
    for media in ("image", "voice", "deleted"):
        assert tiny_graph.encode("", media) == [[tokenizer.token_to_id(TOKENS[media])]]
    typed = tiny_graph.encode("[IMAGE]")
    assert tokenizer.token_to_id(TOKENS["image"]) not in typed[0]


def renamed(model: bytes, old: str, new: str) -> bytes:
    return model.replace(old.encode(), new.encode())


def truncating(tokenizer_json: bytes) -> bytes:
    tokenizer = Tokenizer.from_str(tokenizer_json.decode())
    tokenizer.enable_truncation(8)
    return tokenizer.to_str().encode()


def smaller_vocabulary(model: bytes) -> bytes:
    made = load_from_string(model)
    table = next(t for t in made.graph.initializer if t.name == "embedding")
    rows, width = table.dims
    kept = np.frombuffer(table.raw_data, np.float32).reshape(rows, width)[:-1]
    table.CopyFrom(
        helper.make_tensor("embedding", TensorProto.FLOAT, kept.shape, kept.tobytes(), True)
    )
    return bytes(made.SerializeToString())


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        ("model", lambda data: data[:100], "cannot be loaded"),
        ("model", lambda data: renamed(data, "gap_s", "gap_x"), "inputs are not"),
        ("model", lambda data: renamed(data, "state_out", "state_new"), "outputs are not"),
        ("model", smaller_vocabulary, "cannot run a first step"),
        ("tokenizer", lambda data: b"{}", "cannot be loaded"),
        ("tokenizer", lambda data: b"\xff", "cannot be loaded"),
        ("tokenizer", truncating, "must not truncate"),
        ("tokenizer", lambda data: data, "knows no token"),
    ],
)
def test_parts_that_do_not_fit(
    tiny_files: dict[str, bytes], part: str, change: Callable[[bytes], bytes], words: str
) -> None:
    changes = {part: change(tiny_files[{"model": "model.onnx"}.get(part, "tokenizer.json")])}
    if words == "knows no token":
        table = {**json.loads(tiny_files["text.json"]), "empty": ["[NOWHERE]"]}
        changes["table"] = json.dumps(table).encode()
    with pytest.raises(BundleError, match=words):
        load(tiny_files, **changes)


def test_a_state_size_that_is_not_the_models(tiny_files: dict[str, bytes]) -> None:
    with pytest.raises(BundleError, match="first step"):
        load(tiny_files, Sizes(state_size=9))


def test_a_value_that_is_no_number_is_not_passed_on(tiny_graph: Graph) -> None:
    broken = step(tiny_graph, "hello", state=np.full(8, np.nan, np.float32))
    with pytest.raises(RuntimeError, match="not a finite number"):
        tiny_graph.step([broken])


def test_a_newer_onnxruntime_is_warned_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graph_module._warn_of_telemetry.cache_clear()
    monkeypatch.setattr(graph_module.ort, "__version__", "1.29.0")
    with pytest.warns(RuntimeWarning, match=r"onnxruntime<1\.29") as seen:
        graph_module._warn_of_telemetry()
        graph_module._warn_of_telemetry()
    assert len(seen) == 1
    graph_module._warn_of_telemetry.cache_clear()


def test_telemetry_is_off_before_onnxruntime_is_imported() -> None:
    code = (
        "import os, sys\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'onnxruntime':\n"
        "            print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        "import safelight\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1"]


def test_trace_events_are_switched_off_at_the_import() -> None:
    code = (
        "import onnxruntime\n"
        "off = onnxruntime.disable_telemetry_events\n"
        "onnxruntime.disable_telemetry_events = lambda: (print('off'), off())\n"
        "import safelight\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["off"]
