"""USE-m3 as few ONNX nodes: message ids and mask in, vectors out; the same numbers as `UseM3`.

What training writes plainly is folded here: a norm that follows or precedes a matrix takes its
mean out of the matrix, the sum over the tokens is a product with one row of weights, and layers
that read the same vector are one matrix.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from safelight_training.encoders.usem3 import BRANCHES, UseM3

from .nodes import Array, Nodes

#: Of the names of all nodes here; quantise.py goes by it.
PREFIX = "/encoder/"
TABLE = "/encoder/table"
#: The mask as factors (batch, tokens, 1).
KEEP = "/encoder/keep"
#: The constant [-1].
LAST = "/encoder/last"
#: Most tokens to the left or right that a branch reads.
REACH = max(max(left, n - 1 - left) for n, left in BRANCHES)


def array(value: Any) -> Array:
    """A tensor as float64, in which weights are folded."""
    found: Array = value.detach().numpy().astype(np.float64)
    return found


def _matrix(layer: Any) -> Array:
    """(in, out)"""
    found: Array = array(layer.weight).T
    return found


def encode(out: Nodes, model: UseM3, scale: float) -> str:
    """Vectors (batch, dim), unit vectors times `scale`, of input_ids and attention_mask."""
    keep, length = _mask(out)
    embedded = out.op(
        "Gather", "/encoder/embedding", out.real(TABLE, array(model.embedding.weight)), "input_ids"
    )
    branches = _branches(out, model, embedded, keep)
    pooled = _pooled(out, model, embedded, branches, keep, length)
    return _deep(out, model, pooled, scale)


def _mask(out: Nodes) -> tuple[str, str]:
    """The mask as factors (batch, tokens, 1), and √length (batch, 1, 1), 1 for no token."""
    real = out.op("Cast", "/encoder/mask", "attention_mask", to=1)
    keep = out.op("Unsqueeze", KEEP, real, out.whole(LAST, [-1]))
    count = out.op("ReduceSum", "/encoder/count", keep, out.whole("/encoder/tokens", [1]))
    least = out.op("Max", "/encoder/length", count, out.real("/encoder/one", 1.0))
    return keep, out.op("Sqrt", "/encoder/root", least)


def _branches(out: Nodes, model: UseM3, embedded: str, keep: str) -> str:
    """(batch, tokens, 3·branch): what the two convolutions of each branch make of the tokens."""
    wide = len(BRANCHES) * model.branch
    matrix, bias = _matrix(model.project), array(model.project.bias)
    centred = out.dense(
        "/encoder/project", embedded, matrix - matrix.mean(1, keepdims=True), bias - bias.mean()
    )
    spread = _spread(out, "/encoder/branch_norm", centred, wide, model.branch_norm.eps, mean=False)
    unit = out.op("Div", "/encoder/branch_norm.unit", centred, spread)
    gain = out.real("/encoder/branch_norm.gain", array(model.branch_norm.weight))
    shift = out.real("/encoder/branch_norm.shift", array(model.branch_norm.bias))
    scaled = out.op("Mul", "/encoder/branch_norm.scaled", unit, gain)
    normed = out.op("Add", "/encoder/branch_norm.shifted", scaled, shift)
    x = out.op("Mul", "/encoder/branches", normed, keep)
    rows = _rows(out)
    first = _convolutions(out, "/encoder/first", model, model.first, x, rows)
    hidden = out.op("Mul", "/encoder/hidden", first, keep)
    return _convolutions(out, "/encoder/second", model, model.second, hidden, rows)


def _spread(out: Nodes, name: str, x: str, wide: int, eps: float, *, mean: bool) -> str:
    """Standard deviation (batch, tokens, 1) of x (batch, tokens, wide), whose mean is 0 or not."""
    share = out.real(f"{name}.share", np.full((wide, 1), 1 / wide))
    squares = out.op("Mul", f"{name}.squares", x, x)
    variance = out.op("MatMul", f"{name}.square", squares, share)
    if mean:
        centre = out.op("MatMul", f"{name}.mean", x, share)
        centre = out.op("Mul", f"{name}.mean_square", centre, centre)
        variance = out.op("Sub", f"{name}.variance", variance, centre)
    kept = out.op("Add", f"{name}.kept", variance, out.real(f"{name}.eps", eps))
    return out.op("Sqrt", f"{name}.spread", kept)


def _rows(out: Nodes) -> list[str]:
    """For each branch, which rows its windows read: (tokens, n) indices.

    A row is the part of one token that belongs to one branch; REACH tokens of zeros stand
    before and behind the message.
    """
    shape = out.op("Shape", "/encoder/shape", "input_ids", start=1)
    limit = out.op("Squeeze", "/encoder/limit", shape)
    zero, one = out.whole("/encoder/from", 0), out.whole("/encoder/step", 1)
    tokens = out.op("Range", "/encoder/range", zero, limit, one)
    column = out.op("Unsqueeze", "/encoder/column", tokens, LAST)
    starts = out.op("Mul", "/encoder/starts", column, out.whole("/encoder/parts", len(BRANCHES)))
    return [
        out.op("Add", f"/encoder/rows.{i}", starts,
               out.whole(f"/encoder/offset.{i}", len(BRANCHES) * (np.arange(n) - left + REACH) + i))
        for i, (n, left) in enumerate(BRANCHES)
    ]  # fmt: skip


def _convolutions(
    out: Nodes, name: str, model: UseM3, layers: nn.ModuleList, x: str, rows: list[str]
) -> str:
    """relu(convolution) + x of all branches; x (batch, tokens, 3·branch)."""
    pads = out.whole(f"{name}.pads", [0, REACH, 0, 0, REACH, 0])
    padded = out.op("Pad", f"{name}.padded", x, pads, out.real(f"{name}.nothing", 0.0))
    parts = out.op(
        "Reshape", f"{name}.parts", padded, out.whole(f"{name}.part", [0, -1, model.branch])
    )
    found = []
    for i, (n, _) in enumerate(BRANCHES):
        window = out.op("Gather", f"{name}.{i}.window", parts, rows[i], axis=1)
        flat = out.whole(f"{name}.{i}.wide", [0, 0, n * model.branch])
        window = out.op("Reshape", f"{name}.{i}.flat", window, flat)
        found.append(out.dense(f"{name}.{i}", window, _matrix(layers[i]), array(layers[i].bias)))
    all_ = out.op("Concat", f"{name}.joined", *found, axis=-1)
    return out.op("Add", f"{name}.out", out.op("Relu", f"{name}.relu", all_), x)


def _pooled(out: Nodes, model: UseM3, embedded: str, branches: str, keep: str, root: str) -> str:
    """The normed features summed over the tokens, pooled (batch, dim), divided by √length."""
    features = out.op("Concat", "/encoder/features", embedded, branches, axis=-1)
    wide = model.dim + len(BRANCHES) * model.branch
    spread = _spread(out, "/encoder/norm", features, wide, model.norm.eps, mean=True)
    share = out.op(
        "Div",
        "/encoder/norm.share_of_token",
        keep,
        out.op("Mul", "/encoder/norm.divisor", spread, root),
    )
    row = out.op("Transpose", "/encoder/norm.row", share, perm=[0, 2, 1])
    summed = out.op("MatMul", "/encoder/norm.sum", row, features)
    flat = out.op(
        "Reshape", "/encoder/norm.flat", summed, out.whole("/encoder/norm.shape", [0, wide])
    )
    # The gain is not folded into the matrix: it quiets large features, which 8 bits need.
    middle = out.op("ReduceMean", "/encoder/norm.middle", flat, axes=[1])
    centred = out.op("Sub", "/encoder/norm.centred", flat, middle)
    gain = out.real("/encoder/norm.gain", array(model.norm.weight))
    scaled = out.op("Mul", "/encoder/norm.scaled", centred, gain)
    flat_root = out.op(
        "Reshape", "/encoder/flat_root", root, out.whole("/encoder/flat_root.shape", [-1, 1])
    )
    # Nor is the shift folded away: with it the layer's input, which is quantised, is more even.
    shift = out.real("/encoder/norm.shift", array(model.norm.bias))
    shift = out.op("Mul", "/encoder/norm.every", flat_root, shift)
    normed = out.op("Add", "/encoder/norm.shifted", scaled, shift)
    product = out.dense("/encoder/pool", normed, _matrix(model.pool))
    bias = out.real("/encoder/pool.constant", array(model.pool.bias))
    every = out.op("Mul", "/encoder/pool.every", flat_root, bias)
    return out.op("Add", "/encoder/pooled", product, every)


def _deep(out: Nodes, model: UseM3, x: str, scale: float) -> str:
    deep = model.d1.out_features
    both = out.dense("/encoder/d0", x, np.concatenate([_matrix(model.p1), _matrix(model.d0)], 1))
    past, inner = out.split("/encoder/d0.parts", both, {"p1": deep, "d0": deep})
    inner = out.dense("/encoder/d1", out.op("Relu", "/encoder/d0.relu", inner), _matrix(model.d1))
    y = out.op("Relu", "/encoder/d1.relu", out.op("Add", "/encoder/d1.sum", past, inner))
    both = out.dense("/encoder/d2", y, np.concatenate([_matrix(model.p3), _matrix(model.d2)], 1))
    past, inner = out.split("/encoder/d2.parts", both, {"p3": model.dim, "d2": model.dim})
    inner = out.dense("/encoder/d3", out.op("Relu", "/encoder/d2.relu", inner), _matrix(model.d3))
    z = out.op("Tanh", "/encoder/tanh", out.op("Add", "/encoder/d3.sum", past, inner))
    square = out.op("ReduceSumSquare", "/encoder/square", z, axes=[1], keepdims=1)
    least = out.op("Max", "/encoder/least", square, out.real("/encoder/eps", model.eps))
    factor = out.op(
        "Div",
        "/encoder/factor",
        out.real("/encoder/scale", scale),
        out.op("Sqrt", "/encoder/norm_of_vector", least),
    )
    return out.op("Mul", "/encoder/vector", z, factor)
