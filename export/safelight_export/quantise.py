"""int8 encoder and language head, 4-bit embedding table; recurrent cell, projection and the other
heads stay fp32.

Weights take 7 bits a channel (reduced range), so that processors with and without VNNI, and
wasm, agree. Activations are quantised as they come, where they arise: windows and padding, which
only move numbers about, then move bytes.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from safelight_training.encoders import q4

from .encoder_nodes import LAST, PREFIX, TABLE
from .nodes import Array, Nodes
from .to_onnx import SPOKEN

#: Reads the rows of the embedding table, whose few large entries leave a step of 8 bits too coarse
#: for the rest: quantised, this layer changes decisions (docs/experiments.md).
EXACT = "/encoder/project"
#: Operators that only move the numbers of their first input.
MOVERS = ("Pad", "Reshape", "Gather")
DOMAIN = "com.microsoft"
#: Largest weight of 7 bits.
LARGEST = 63


def quantise(graph: onnx.ModelProto) -> onnx.ModelProto:
    """The graph a phone gets, from the fp32 step graph; the layer EXACT stays as it is.

    ValueError where the embedding table is not on the 4-bit grid it trained on, or the graph is
    not one of `to_onnx`.
    """
    found = _Rewriter(graph.graph)
    if not found.layers:
        raise ValueError("the graph has no encoder weights to quantise")
    for node in graph.graph.node:
        found.rewrite(node)
    rewritten = helper.make_graph(
        found.out.nodes, graph.graph.name, graph.graph.input, graph.graph.output,
        list(found.out.weights.values()),
    )  # fmt: skip
    opsets = [*graph.opset_import, helper.make_opsetid(DOMAIN, 1)]
    return helper.make_model(rewritten, opset_imports=opsets, ir_version=graph.ir_version)


class _Rewriter:
    """Writes each node of the fp32 graph again, or what stands for it.

    layers: names of the MatMuls to quantise. moved: outputs of movers on the way to one of them.
    int8: what is quantised so far, as (bytes, scale, zero point).
    """

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.out = Nodes()
        self._values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self._makers = {name: node for node in graph.node for name in node.output}
        self._int8: dict[str, tuple[str, str, str]] = {}
        self._moved: set[str] = set()
        self.layers = {node.name: node for node in graph.node if self._is_layer(node)}
        self._biases = {f"{name}.bias" for name in self.layers} & self._values.keys()
        for node in self.layers.values():
            maker = self._makers[node.input[0]]
            while maker.op_type in MOVERS and maker.input[0] not in self._values:
                self._moved.add(maker.output[0])
                maker = self._makers[maker.input[0]]

    def _is_layer(self, node: onnx.NodeProto) -> bool:
        return (
            node.op_type == "MatMul"
            and node.name.startswith(PREFIX)
            and node.name != EXACT
            and f"{node.name}.weight" in self._values
        )

    def rewrite(self, node: onnx.NodeProto) -> None:
        if node.name in self.layers:
            self._layer(node)
        elif node.output[0] in self._moved:
            self._move(node)
        elif node.op_type == "Add" and f"{node.name.removesuffix('.sum')}.bias" in self._biases:
            return  # the layer adds its bias itself
        elif node.input[0] == TABLE:
            self._embedding(node)
        elif node.input[0] == SPOKEN:
            self._languages(node)
        else:
            self._keep(node)

    def _keep(self, node: onnx.NodeProto) -> None:
        self.out.nodes.append(node)
        for name in node.input:
            if name in self._values:
                self._constant(name)

    def _constant(self, name: str) -> str:
        if name not in self.out.weights:
            self.out.weight(name, self._values[name])
        return name

    def _bytes(self, name: str) -> tuple[str, str, str]:
        if name not in self._int8:
            outputs = [f"{name}.int8", f"{name}.int8.scale", f"{name}.int8.zero"]
            whole, scale, zero = self.out.ops("DynamicQuantizeLinear", outputs, name)
            self._int8[name] = whole, scale, zero
        return self._int8[name]

    def _move(self, node: onnx.NodeProto) -> None:
        """The same move over bytes; padding is what stands for 0."""
        whole, scale, zero = self._bytes(node.input[0])
        moved = onnx.NodeProto()
        moved.CopyFrom(node)
        moved.input[0], moved.output[0] = whole, f"{node.output[0]}.int8"
        if node.op_type == "Pad":
            moved.input[2] = zero
        self._keep(moved)
        self._int8[node.output[0]] = moved.output[0], scale, zero

    def _layer(self, node: onnx.NodeProto) -> None:
        """MatMul and the Add of its bias as one node over 7-bit weights, one scale a channel."""
        weights = self._values[f"{node.name}.weight"]
        scales = np.maximum(np.abs(weights).max(0) / LARGEST, np.float32(1e-12))
        whole = self.out.weight(f"{node.name}.int8", np.rint(weights / scales).astype(np.int8))
        scale = self.out.real(f"{node.name}.scale", scales)
        bias = f"{node.name}.bias" if f"{node.name}.bias" in self._biases else ""
        name = f"{node.name}.sum" if bias else node.name
        added = [self._constant(bias)] if bias else []
        if node.input[0] in self._moved:
            x, step, zero = self._bytes(node.input[0])
            inputs, kind = [x, whole, step, scale, zero, "", *added], "MatMulIntegerToFloat"
        else:
            inputs, kind = [node.input[0], whole, scale, "", *added], "DynamicQuantizeMatMul"
        self.out.op(kind, name, *inputs, domain=DOMAIN)

    def _languages(self, node: onnx.NodeProto) -> None:
        """Rows of bytes, one scale a language."""
        rows = self._values[SPOKEN]
        scales = np.maximum(np.abs(rows).max(0) / 127, np.float32(1e-12))
        whole = self.out.weight(f"{SPOKEN}.int8", np.rint(rows / scales).astype(np.int8))
        found = self.out.op("Gather", "/language.bytes", whole, node.input[1])
        read = self.out.op("Cast", "/language.read", found, to=TensorProto.FLOAT)
        self.out.op("Mul", node.output[0], read, self.out.real(f"{SPOKEN}.scale", scales))

    def _embedding(self, node: onnx.NodeProto) -> None:
        """Rows of 4-bit blocks. Arithmetic on bytes is several times faster than ONNX Runtime's
        GatherBlockQuantized, which goes number by number."""
        packed, scales = _four_bits(self._values[TABLE])
        out, ids, real = self.out, node.input[1], self.out.real
        pairs = out.op("Gather", "/encoder/row.bytes", out.weight(f"{TABLE}.q4", packed), ids)
        step = out.op("Gather", "/encoder/row.scales", real(f"{TABLE}.scale", scales), ids)
        step = out.op("Unsqueeze", "/encoder/row.scale", step, self._constant(LAST))
        both = out.op("Cast", "/encoder/row.pair", pairs, to=TensorProto.FLOAT)
        share = out.op("Mul", "/encoder/row.share", both, real("/encoder/sixteenth", 1 / 16))
        high = out.op("Floor", "/encoder/row.high", share)
        part = out.op("Mul", "/encoder/row.high_part", high, real("/encoder/sixteen", 16))
        low = out.op("Sub", "/encoder/row.low", both, part)
        joined = out.op("Concat", "/encoder/row.nibbles", low, high, axis=-1)
        signed = out.op("Sub", "/encoder/row.signed", joined, real("/encoder/eight", 8))
        blocks = out.whole("/encoder/row.blocks.shape", [0, 0, -1, q4.BLOCK])
        blocked = out.op("Reshape", "/encoder/row.blocks", signed, blocks)
        scaled = out.op("Mul", "/encoder/row.scaled", blocked, step)
        flat = out.whole("/encoder/row.shape", [0, 0, 2 * packed.shape[1]])
        out.op("Reshape", node.output[0], scaled, flat)


def _four_bits(table: Array) -> tuple[Array, Array]:
    """Bytes (n, d / 2): column i in the low half, column i + d / 2 in the high one; and scales."""
    nibbles, scales = q4.quantise(table)
    error = float(np.abs(q4.dequantise(nibbles, scales) - table).max())
    if error > 1e-4:
        raise ValueError(
            f"the embedding table is not on the 4-bit grid it trained on ({error:.1e})"
        )
    half = nibbles.shape[1] // 2
    return (nibbles[:, :half] | nibbles[:, half:] << 4).astype(np.uint8), scales
