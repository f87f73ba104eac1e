"""The weights of a finished bundle as students: for whoever has no checkpoint of its training.

They are the phone's own: exported and quantised again, they are the same whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from safelight.bundle_files import Bundle, read_unsigned
from safelight.reading import BundleError
from safelight_export.encoder_nodes import TABLE
from safelight_export.ensemble import MEMBER

from .encoders import q4
from .encoders.usem3 import BRANCHES
from .model import Shape, Student

#: Layers whose matrices stand side by side in one of the graph, in this order.
JOINED = {"d0": ("p1", "d0"), "d2": ("p3", "d2")}
Weights = dict[str, np.ndarray]


def read(folder: Path) -> Bundle:
    """A bundle that nobody need vouch for; BundleError, which names the folder, on any fault."""
    try:
        return read_unsigned(folder)
    except (BundleError, OSError) as error:
        raise BundleError(f"{folder}: {error}") from error


def students_of(bundle: Bundle) -> list[Student]:
    """The students in model.onnx, one a member; the language head stays behind.

    Raises BundleError where they are not of the recipe's shape.
    """
    graph = onnx.load_from_string(bundle.files["model.onnx"]).graph
    calibration = bundle.manifest.raw["calibration"]
    read = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    try:
        return [_student(weights, calibration) for weights in _of_members(read)]
    except (KeyError, RuntimeError) as error:
        raise BundleError("model.onnx: not a graph of this recipe's shape") from error


def _of_members(read: Weights) -> Iterator[Weights]:
    """The weights of each member by their own names; what members share has the first's."""
    if not any(name.startswith(MEMBER) for name in read):
        yield read
        return
    first = _named(read, 0)
    for number in count():
        own = _named(read, number)
        if not own:
            return
        yield first | own


def _named(read: Weights, number: int) -> Weights:
    prefix = f"{MEMBER}{number}"
    return {k.removeprefix(prefix): v for k, v in read.items() if k.startswith(f"{prefix}/")}


def _student(read: Weights, calibration: dict[str, Any]) -> Student:
    found = _encoder(read) | _heads(read, calibration)
    model = Student(Shape(len(found["encoder.embedding.weight"])))
    model.load_state_dict({k: torch.from_numpy(v.astype(np.float32)) for k, v in found.items()})
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


def _heads(read: Weights, calibration: dict[str, Any]) -> Weights:
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
