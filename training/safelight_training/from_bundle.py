"""The weights of a finished bundle as a student: for whoever has no checkpoint of its training.

They are the phone's own. Exported and quantised again they give the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from safelight_export.encoder_nodes import TABLE

from .encoders import q4
from .encoders.usem3 import BRANCHES
from .model import Shape, Student

#: Layers whose matrices stand side by side in one of the graph, in this order.
JOINED = {"d0": ("p1", "d0"), "d2": ("p3", "d2")}
Weights = dict[str, np.ndarray]


def student_of(bundle: Path) -> Student:
    """The student in model.onnx, if that is one of the recipe's shape; the language head stays.

    Raises ValueError where it is not: a graph of several members, for one.
    """
    graph = onnx.load(bundle / "model.onnx").graph
    calibration = json.loads((bundle / "manifest.json").read_bytes())["calibration"]
    read = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    if any(name.startswith("/member.") for name in read):
        raise ValueError(f"{bundle}: several members, not one student")
    try:
        found = _encoder(read) | _heads(read, calibration)
        model = Student(Shape(len(found["encoder.embedding.weight"])))
        model.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in found.items()})
    except (KeyError, RuntimeError) as error:
        raise ValueError(f"{bundle}: not a student of this recipe's shape") from error
    return model.eval()


def _encoder(read: Weights) -> Weights:
    packed, scales = read[f"{TABLE}.q4"], read[f"{TABLE}.scale"]
    nibbles = np.concatenate([packed & 15, packed >> 4], 1)
    found = {"embedding.weight": q4.dequantise(nibbles, scales)}

    def put(layer: str, name: str, matrix: np.ndarray) -> None:
        found[f"{layer}.weight"] = matrix.T
        if f"/encoder/{name}.bias" in read:
            found[f"{layer}.bias"] = read[f"/encoder/{name}.bias"]

    def whole(name: str) -> np.ndarray:
        matrix: np.ndarray = read[f"/encoder/{name}.int8"] * read[f"/encoder/{name}.scale"]
        return matrix

    put("project", "project", read["/encoder/project.weight"])
    for group in ("first", "second"):
        for i in range(len(BRANCHES)):
            put(f"{group}.{i}", f"{group}.{i}", whole(f"{group}.{i}"))
    for name in ("pool", "d1", "d3"):
        put(name, name, whole(name))
    found["pool.bias"] = read["/encoder/pool.constant"]
    for name, layers in JOINED.items():
        first = int(read[f"/encoder/{name}.parts.sizes"][0])
        for layer, part in zip(layers, np.split(whole(name), [first], 1), strict=True):
            found[f"{layer}.weight"] = part.T
    for norm in ("branch_norm", "norm"):
        found[f"{norm}.weight"] = read[f"/encoder/{norm}.gain"]
        found[f"{norm}.bias"] = read[f"/encoder/{norm}.shift"]
    return {f"encoder.{name}": value for name, value in found.items()}


def _heads(read: Weights, calibration: dict[str, dict[str, list[float]]]) -> Weights:
    """Their calibration of the risks is folded into the last layer, and taken out here."""
    local, projected = (int(n) for n in read["/read.parts.sizes"][:2])
    a, b = (np.array(calibration["risks"][name]) for name in ("a", "b"))
    found = {
        "local.0.weight": read["/read.weight"][:, :local].T,
        "local.0.bias": read["/read.bias"][:local],
        "projection.weight": read["/read.weight"][:, local : local + projected].T,
        "projection.bias": read["/read.bias"][local : local + projected],
        "risk_out.weight": read["/risk_out.weight"].T / a[:, None],
        "risk_out.bias": (read["/risk_out.bias"] - b) / a,
    }
    layers = {"local_out": "local_out", "context.0": "context", "context_out": "context_out",
              "risk.0": "risk"}  # fmt: skip
    for layer, name in layers.items():
        found[f"{layer}.weight"] = read[f"/{name}.weight"].T
        found[f"{layer}.bias"] = read[f"/{name}.bias"]
    for gate, name in (("ih", "/cell.x"), ("hh", "/cell.h")):
        found[f"gru.weight_{gate}_l0"] = read[f"{name}.weight"].T
        found[f"gru.bias_{gate}_l0"] = read[f"{name}.bias"]
    return found
