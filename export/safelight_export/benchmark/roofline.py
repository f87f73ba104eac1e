"""How far a message is from what this processor could do: one core, measured in the same run.

A message must read every weight of the matrix products once and do their operations once. Neither
can take less than the core's fastest reading and its fastest multiplication allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from safelight_export.benchmark.engines import session
from safelight_export.benchmark.parts import Node
from safelight_export.benchmark.rounds import Run, sample

#: Rows, inner width and columns of the products that stand for the peaks.
SIZE = (256, 1024, 1024)
_QUANTISED = ("Integer", "Quantize", "QLinear")


def peaks(rounds: int, least_s: float, copied: int, weights: int) -> dict[str, float]:
    """GB/s of a large copy, read and written, and of reading `weights` bytes again and again;
    10⁹ operations/s of a large product in fp32 and in int8.

    The best of the rounds: a peak is what was reached once.
    """
    source = np.ones(copied, np.uint8)
    target = np.empty_like(source)
    matrix = np.ones((max(1, weights // 4 // SIZE[1]), SIZE[1]), np.float32)
    vector, answer = np.ones(SIZE[1], np.float32), np.empty(len(matrix), np.float32)
    runs: dict[str, tuple[float, Run]] = {
        "copy_gb_s": (2 * copied, lambda: np.copyto(target, source)),
        "read_gb_s": (matrix.nbytes, lambda: np.matmul(matrix, vector, out=answer)),
        "fp32_gop_s": (2 * prod(SIZE), _product("MatMul", TensorProto.FLOAT, np.float32)),
        "int8_gop_s": (2 * prod(SIZE), _product("MatMulInteger", TensorProto.UINT8, np.int8)),
    }
    found: dict[str, float] = {}
    for _ in range(rounds):
        for name, (amount, run) in runs.items():
            reached = amount / 1e6 / sample(run, least_s)
            found[name] = max(found.get(name, 0.0), round(reached, 2))
    return found


def _product(op: str, kind: int, weights: Any) -> Run:
    rows, inner, columns = SIZE
    rng = np.random.default_rng(1)
    weight = rng.integers(-60, 60, (inner, columns)).astype(weights)
    info = helper.make_tensor_value_info
    out = TensorProto.FLOAT if op == "MatMul" else TensorProto.INT32
    graph = helper.make_graph(
        [helper.make_node(op, ["a", "w"], ["y"])], "peak",
        [info("a", kind, [rows, inner])], [info("y", out, [rows, columns])],
        [numpy_helper.from_array(weight, "w")],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    running = session(model.SerializeToString())
    values = rng.integers(0, 120, (rows, inner))
    fed = {"a": values.astype(np.float32 if op == "MatMul" else np.uint8)}
    return lambda: running.run(None, fed)


def work(found: Sequence[Node]) -> dict[str, int]:
    """What the nodes of one run must do: operations of products in fp32 and int8, operations of
    all else (one an element written), and bytes of the weights of the products and of the rows
    read from tables."""
    total = {"fp32_ops": 0, "int8_ops": 0, "other_ops": 0, "bytes": 0}
    for node in found:
        ops, weights = _product_of(node)
        quantised = any(mark in node.op for mark in _QUANTISED)
        if ops:
            total["int8_ops" if quantised else "fp32_ops"] += ops
            total["bytes"] += weights * (1 if quantised else 4)
        elif node.op == "GatherBlockQuantized":
            total["bytes"] += prod(node.written[0]) // 2  # 4 bits each
        else:
            total["other_ops"] += sum(prod(shape) for shape in node.written)
    return total


def _product_of(node: Node) -> tuple[int, int]:
    """Operations and weights of a product, 0 and 0 of any other node."""
    if node.op == "GRU":
        tokens, batch, width = node.read[0]
        hidden = node.written[-1][-1]
        weights = 3 * hidden * (width + hidden)
        return 2 * tokens * batch * weights, weights
    if "MatMul" in node.op or "Gemm" in node.op:
        inner, written = node.read[0][-1], node.written[0]
        return 2 * inner * prod(written), inner * written[-1]
    return 0, 0


def least_us(needed: dict[str, int], reached: dict[str, float]) -> dict[str, float]:
    """µs that the operations and the bytes of a message take at the peaks, the bytes from the
    cache or from memory; `least` is the larger of operations and cache.

    Operations outside products are left out: the best kernels do them while they multiply.
    """
    compute = (
        needed["fp32_ops"] / reached["fp32_gop_s"] + needed["int8_ops"] / reached["int8_gop_s"]
    )
    cache, memory = (needed["bytes"] / 1e3 / reached[kind] for kind in ("read_gb_s", "copy_gb_s"))
    least = max(1e-3 * compute, cache)
    return {"arithmetic": 1e-3 * compute, "cache": cache, "memory": memory, "least": least}
