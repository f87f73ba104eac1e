"""Builds an ONNX graph node by node, in the order they run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Array = NDArray[Any]


class Nodes:
    """Nodes and weights so far. Every node is named, and its first output carries its name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, name: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output; return the output."""
        return self.ops(kind, [name], *inputs, **attributes)[0]

    def ops(self, kind: str, names: Sequence[str], *inputs: str, **attributes: Any) -> list[str]:
        """Add a node with an output of each name; return them."""
        node = helper.make_node(kind, list(inputs), list(names), names[0], **attributes)
        self.nodes.append(node)
        return list(names)

    def weight(self, name: str, value: Array) -> str:
        """Add a constant of the value's own type; return its name."""
        if name in self.weights:
            raise ValueError(f"two weights are named {name}")
        self.weights[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def real(self, name: str, value: Any) -> str:
        """Add a float32 constant."""
        return self.weight(name, np.asarray(value, np.float32))

    def whole(self, name: str, value: Any) -> str:
        """Add an int64 constant: sizes, axes, indices."""
        return self.weight(name, np.asarray(value, np.int64))

    def dense(self, name: str, x: str, matrix: Array, bias: Array | None = None) -> str:
        """x (…, in) times matrix (in, out), plus bias (out,): MatMul `name`, then Add."""
        product = self.op("MatMul", name, x, self.real(f"{name}.weight", matrix))
        if bias is None:
            return product
        return self.op("Add", f"{name}.sum", product, self.real(f"{name}.bias", bias))

    def gemm(self, name: str, x: str, matrix: Array, bias: Array) -> str:
        """As `dense`, for x (batch, in): one node."""
        weights = self.real(f"{name}.weight", matrix), self.real(f"{name}.bias", bias)
        return self.op("Gemm", name, x, *weights)

    def split(self, name: str, x: str, sizes: dict[str, int]) -> list[str]:
        """x (…, sum of sizes) in parts of these names."""
        axis = self.whole(f"{name}.sizes", list(sizes.values()))
        return self.ops("Split", [f"{name}.{part}" for part in sizes], x, axis, axis=-1)


def leading_to(
    graph: onnx.GraphProto, ends: Iterable[str], given: Iterable[str] = ()
) -> list[onnx.NodeProto]:
    """The nodes that `ends` need beside what is `given`, in the order in which they run."""
    known, nodes = set(given), []
    needed = set(ends) - known
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            nodes.append(node)
            needed.update(set(node.input) - known)
    return nodes[::-1]
