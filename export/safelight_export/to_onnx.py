"""Writes the fp32 step graph (opset 17, `ai.onnx` only), with as few nodes as it takes.

The numbers are those of `step_module.Step`, which is the reference: tests and `parity` hold the
two to 1e-4.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import nn

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import LanguageTable, Student

from .encoder_nodes import KEEP, array, encode
from .nodes import Array, Nodes
from .step_module import Calibration

OPSET, IR_VERSION = 17, 9
INPUTS = ("input_ids", "attention_mask", "sender", "gap_s", "state")
#: The new state has a name of its own: ONNX lets no output share the name of an input.
OUTPUTS = ("risks", "indicators", "cues", "state_out")
LANGUAGES = "languages"
#: Rows of the language head, one a token.
SPOKEN = "/language/table"
KINDS = ("risks", "indicators", "cues")


def to_onnx(
    model: Student, calibration: dict[str, Any], language: LanguageTable | None = None
) -> onnx.ModelProto:
    """The fp32 graph with dynamic batch and tokens; names as in `formats.md`.

    With a `language` head it has the output `languages` too.
    """
    if not isinstance(model.encoder, UseM3):
        raise TypeError("only a student over USE-m3 becomes a step graph")
    out = Nodes()
    with torch.no_grad():
        vectors = encode(out, model.encoder, model.encoder.dim**0.5)
        _recur(out, model, vectors, {k: Calibration(**calibration[k]) for k in KINDS})
        if language is not None:
            _languages(out, language)
    graph = helper.make_graph(
        out.nodes, "safelight_step", _inputs(model), _outputs(model, language),
        list(out.weights.values()),
    )  # fmt: skip
    opsets = [helper.make_opsetid("", OPSET)]
    found = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
    onnx.checker.check_model(found, full_check=True)
    return found


def _inputs(model: Student) -> list[onnx.ValueInfoProto]:
    info, whole, real = helper.make_tensor_value_info, TensorProto.INT64, TensorProto.FLOAT
    return [
        info("input_ids", whole, ["batch", "tokens"]),
        info("attention_mask", whole, ["batch", "tokens"]),
        info("sender", whole, ["batch"]),
        info("gap_s", real, ["batch"]),
        info("state", real, ["batch", model.shape.state]),
    ]


def _outputs(model: Student, language: LanguageTable | None) -> list[onnx.ValueInfoProto]:
    sizes = dict(
        zip(OUTPUTS, (len(RISKS), len(INDICATORS), len(CUES), model.shape.state), strict=True)
    )
    if language is not None:
        sizes[LANGUAGES] = len(language.bias)
    return [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])
        for name, size in sizes.items()
    ]


def _languages(out: Nodes, table: LanguageTable) -> None:
    """What the tokens of a message say of its language, summed up."""
    rows = out.op("Gather", "/language", out.real(SPOKEN, array(table.weight)), "input_ids")
    real = out.op("Mul", "/language.real", rows, KEEP)
    summed = out.op("ReduceSum", "/language.sum", real, out.whole("/language.tokens", [1]),
                    keepdims=0)  # fmt: skip
    bias = out.real("/language.bias", array(table.bias))
    out.op("Softmax", LANGUAGES, out.op("Add", "/language.logits", summed, bias), axis=-1)


def _recur(out: Nodes, model: Student, vectors: str, calibration: dict[str, Calibration]) -> None:
    """Heads and state, from vectors (batch, dim) to the outputs."""
    readers: list[Any] = [model.local[0], model.projection]
    sizes = dict(zip(("local", "projection"), (r.out_features for r in readers), strict=True))
    read = out.gemm(
        "/read", vectors, _joined(readers), np.concatenate([array(r.bias) for r in readers])
    )
    local, projected = out.split("/read.parts", read, sizes)
    hidden = out.op("Relu", "/local", local)
    axis = out.whole("/axis", [1])
    side = out.op("Unsqueeze", "/side", out.op("Cast", "/sender", "sender", to=1), axis)
    gaps = _gap(out, axis)
    plain = out.gemm(
        "/local_out", hidden, array(model.local_out.weight).T, array(model.local_out.bias)
    )
    audible = _audible(out, side)
    seen = out.op("Mul", "/seen", out.op("Sigmoid", "/seen.all", plain), audible)
    inputs = out.op(
        "Concat", "/inputs", out.op("Tanh", "/projected", projected), seen, side, *gaps, axis=-1
    )
    _cell(out, model.gru, inputs)
    context = out.op("Concat", "/context.in", hidden, "state", side, axis=-1)
    context = out.gemm(
        "/context", context, array(model.context[0].weight).T, array(model.context[0].bias)
    )
    context = out.op("Relu", "/context.relu", context)
    shift = out.gemm(
        "/context_out", context, array(model.context_out.weight).T, array(model.context_out.bias)
    )
    labels = out.op("Add", "/labels", plain, shift)
    _labels(out, labels, calibration)
    parts = ["state_out", inputs]
    if model.shape.informed:
        parts.append(out.op("Mul", "/heard", out.op("Sigmoid", "/heard.all", labels), audible))
    risk = out.op("Concat", "/risk.in", *parts, axis=-1)
    risk = out.gemm("/risk", risk, array(model.risk[0].weight).T, array(model.risk[0].bias))
    a, b = (array(getattr(calibration["risks"], n)) for n in ("a", "b"))
    risk = out.gemm(
        "/risk_out",
        out.op("Relu", "/risk.relu", risk),
        array(model.risk_out.weight).T * a,
        array(model.risk_out.bias) * a + b,
    )
    out.op("Sigmoid", "risks", risk)


def _joined(layers: list[Any]) -> Array:
    return np.concatenate([array(layer.weight).T for layer in layers], 1)


def _gap(out: Nodes, axis: str) -> tuple[str, str]:
    """log(1 + gap) / 10 and whether the gap is known, each (batch, 1)."""
    gap = out.op("Unsqueeze", "/gap", "gap_s", axis)
    zero = out.real("/zero", 0.0)
    known = out.op("Cast", "/gap.known", out.op("GreaterOrEqual", "/gap.real", gap, zero), to=1)
    least = out.op("Max", "/gap.least", gap, zero)
    more = out.op("Add", "/gap.more", least, out.real("/one", 1.0))
    log = out.op("Mul", "/gap.small", out.op("Log", "/gap.log", more), out.real("/tenth", 0.1))
    return log, known


def _audible(out: Nodes, side: str) -> str:
    """1 for the labels that the writer can have, else 0: indicators of the other, cues of self."""
    sign = np.repeat([1.0, -1.0], [len(INDICATORS), len(CUES)])
    turned = out.op("Mul", "/side.sign", side, out.real("/side.signs", sign))
    return out.op("Add", "/side.audible", turned, out.real("/side.offsets", sign < 0))


def _labels(out: Nodes, labels: str, calibration: dict[str, Calibration]) -> None:
    kinds = [calibration["indicators"], calibration["cues"]]
    a, b = (np.concatenate([array(getattr(k, n)) for k in kinds]) for n in ("a", "b"))
    scaled = out.op("Mul", "/labels.scaled", labels, out.real("/labels.a", a))
    moved = out.op("Add", "/labels.moved", scaled, out.real("/labels.b", b))
    sizes = out.whole("/labels.sizes", [len(INDICATORS), len(CUES)])
    out.ops("Split", ["indicators", "cues"], out.op("Sigmoid", "/labels.p", moved), sizes, axis=-1)


def _cell(out: Nodes, gru: nn.GRU, inputs: str) -> None:
    """One step of torch's GRU (gates r, z, n): `state` and inputs (batch, in) → `state_out`."""
    n = gru.hidden_size
    w: dict[str, Array] = {k: array(v) for k, v in gru.named_parameters()}
    x = out.gemm("/cell.x", inputs, w["weight_ih_l0"].T, w["bias_ih_l0"])
    h = out.gemm("/cell.h", "state", w["weight_hh_l0"].T, w["bias_hh_l0"])
    sizes = {"rz": 2 * n, "n": n}
    x_rz, x_n = out.split("/cell.x.parts", x, sizes)
    h_rz, h_n = out.split("/cell.h.parts", h, sizes)
    gates = out.op("Sigmoid", "/cell.gates", out.op("Add", "/cell.sum", x_rz, h_rz))
    reset, update = out.split("/cell.gates.parts", gates, {"r": n, "z": n})
    new = out.op("Add", "/cell.new", x_n, out.op("Mul", "/cell.reset", reset, h_n))
    candidate = out.op("Tanh", "/cell.candidate", new)
    moved = out.op("Sub", "/cell.difference", "state", candidate)
    out.op("Add", "state_out", candidate, out.op("Mul", "/cell.kept", update, moved))
