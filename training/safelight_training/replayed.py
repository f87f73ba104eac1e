"""A bundle's graph for many chats at once: what depends on a message alone is computed once.

Real chats come both ways round, streams repeat them, people repeat themselves, and most
of a step is the encoder's. Every bit is that of the whole graph (tests/unit/test_replayed.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from safelight.graph import Graph, Sizes, session_options
from safelight_export.nodes import leading_to

#: Inputs of the graph that a message alone decides.
MESSAGE = ("input_ids", "attention_mask")
#: Messages whose half is kept, the latest ones: 2 kB each.
KEPT = 65_536


class Replayed(Graph):
    """As Graph, on one thread, for replays of many chats in several threads."""

    def __init__(
        self, model: bytes, tokenizer_json: bytes, text_table: Mapping[str, Any], manifest: Sizes
    ) -> None:
        super().__init__(model, tokenizer_json, text_table, manifest)
        self._session = self._halves = Halves(model)
        self.encode = lru_cache(KEPT)(self.encode)  # type: ignore[method-assign]

    def remembered(self) -> Any:
        """Hits and misses of the messages' halves so far, as `functools` counts them."""
        return self._halves.message.cache_info()


class Halves:
    """A session of ONNX Runtime in two: the message's half, remembered, and the chat's."""

    def __init__(self, model: bytes) -> None:
        whole = onnx.load_from_string(model)
        first, second = split(whole)
        self._first = _session(first)
        # Without their sizes the runtime would join other operators, and round otherwise.
        token = np.ones((1, 1), np.int64)
        found = self._first.run(None, dict.fromkeys(MESSAGE, token))
        sizes = {o.name: v.shape[1] for o, v in zip(first.graph.output, found, strict=True)}
        for entry in second.graph.input:
            if entry.name in sizes:
                entry.CopyFrom(_floats(entry.name, ["batch", sizes[entry.name]]))
        self._second = _session(second)
        self._cut = [output.name for output in first.graph.output]
        self._read = {entry.name for entry in second.graph.input}
        self.message = lru_cache(KEPT)(self._message)

    def run(self, outputs: Sequence[str], feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """As InferenceSession.run, of one message whose tokens all count."""
        known = self.message(feeds["input_ids"].tobytes())
        given = {k: v for k, v in (*feeds.items(), *known.items()) if k in self._read}
        wanted = [name for name in outputs if name not in known]
        found = dict(zip(wanted, self._second.run(wanted, given), strict=True))
        return [known[name] if name in known else found[name] for name in outputs]

    def _message(self, ids: bytes) -> dict[str, np.ndarray]:
        tokens = np.frombuffer(ids, np.int64)[None, :]
        feeds = dict(zip(MESSAGE, (tokens, np.ones_like(tokens)), strict=True))
        return dict(zip(self._cut, self._first.run(self._cut, feeds), strict=True))


def split(whole: onnx.ModelProto) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The half that a message alone decides, and the rest, which reads what the first gives.

    Outputs of the whole that a message alone decides are outputs of the first half.
    """
    graph = whole.graph
    entries = {entry.name: entry for entry in graph.input}
    alone, rest = set(MESSAGE), set(entries) - set(MESSAGE)
    for node in graph.node:  # in the order in which they run
        if rest.intersection(node.input):
            rest.update(node.output)
        elif alone.intersection(node.input):
            alone.update(node.output)
    asked = {name for node in graph.node if rest.intersection(node.input) for name in node.input}
    ends = {output.name for output in graph.output}
    cut = sorted((alone - set(MESSAGE)) & (asked | ends))
    inside = [_floats(name, None) for name in cut if name in asked]
    chat = [entry for name, entry in entries.items() if name not in MESSAGE]
    last = [output for output in graph.output if output.name not in cut]
    return (
        _part(whole, [entries[name] for name in MESSAGE], [_floats(name, None) for name in cut]),
        _part(whole, [*chat, *inside], last),
    )


def _part(
    whole: onnx.ModelProto, inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
) -> onnx.ModelProto:  # fmt: skip
    """What of the graph leads from the inputs to the outputs."""
    nodes = leading_to(whole.graph, (o.name for o in outputs), (i.name for i in inputs))
    read = {name for node in nodes for name in node.input}
    weights = [tensor for tensor in whole.graph.initializer if tensor.name in read]
    graph = helper.make_graph(nodes, "half", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=whole.opset_import, ir_version=whole.ir_version)


def _floats(name: str, shape: Sequence[Any] | None) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        model.SerializeToString(), session_options(), providers=["CPUExecutionProvider"]
    )
