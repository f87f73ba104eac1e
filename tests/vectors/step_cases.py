"""A small seeded student as a graph, and what it answers: one long chat, then whole batches, then
a chat whose messages are longer than one run reads.

The operators are those of the shipped model, since the same code exports it; only the sizes
and the numbers differ.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch

from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight_export.to_onnx import LANGUAGES, to_onnx
from safelight_export.to_onnx import OUTPUTS as PLAIN
from safelight_training.encoders.usem3 import UseM3
from safelight_training.model import LanguageTable, Shape, Student

SEED, TOLERANCE = 11, 1e-4
VOCABULARY, STATE = 64, 24
STEPS, MAX_TOKENS = 64, 64
GAPS = (-1.0, 0.0, 0.5, 3.0, 42.0, 900.0, 86_400.0, 5_000_000.0)
OUTPUTS = (*PLAIN, LANGUAGES)
Run = dict[str, np.ndarray]


def student() -> Student:
    """Weights from numpy's generator, which gives the same numbers everywhere."""
    encoder = UseM3(VOCABULARY, dim=64, branch=32, deep=40)
    model = Student(Shape(VOCABULARY, state=STATE, projected=24, hidden=32), encoder)
    rng = np.random.default_rng(SEED)
    for name, weight in model.state_dict().items():
        spread = 0.3 if weight.ndim == 1 else 1.6 / weight.shape[-1] ** 0.5
        noise = rng.normal(0.0, spread, tuple(weight.shape)).astype(np.float32)
        centre = 1.0 if "norm.weight" in name else 0.0
        weight.copy_(torch.from_numpy(noise + centre))
    return model.eval()


def language_head() -> LanguageTable:
    """The seven languages and all others."""
    rng = np.random.default_rng(SEED + 1)
    weight, bias = (rng.normal(0, 0.4, shape).astype(np.float32) for shape in ((VOCABULARY, 8), 8))
    return LanguageTable(torch.from_numpy(weight), torch.from_numpy(bias))


def calibration() -> dict[str, Any]:
    """Another a and b for every output, so that a port cannot mix them up."""
    sizes = {"risks": len(RISKS), "indicators": len(INDICATORS), "cues": len(CUES)}
    return {
        kind: {
            "a": np.linspace(0.75, 1.5, n).round(4).tolist(),
            "b": np.linspace(-0.5, 0.5, n).round(4).tolist(),
        }
        for kind, n in sizes.items()
    }


def session(graph: bytes) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def build() -> tuple[bytes, dict[str, Any]]:
    """The graph, and its answers on `inputs`."""
    graph = to_onnx(student(), calibration(), language_head()).SerializeToString()
    return graph, {
        "what": f"cases: runs of step.onnx, inputs -> outputs, to {TOLERANCE}; an empty state is "
        "the state_out of the run before it (of the first run: zeros). messages: of one chat, in "
        "chunks; risks, indicators and cues are the highest of the chunks, languages their mean, "
        "the state is that after the last, and only the first chunk has a gap",
        "tolerance": TOLERANCE,
        "state_size": STATE,
        "vocabulary": VOCABULARY,
        "cases": _answers(graph, list(_runs())),
        "messages": _messages(graph),
    }


def _runs() -> list[Run]:
    """One chat of 64 messages of one row, then three batches with padding and states."""
    rng = np.random.default_rng(SEED)
    runs = []
    for i in range(STEPS):
        tokens = int(rng.integers(1, 20)) if i % 16 else MAX_TOKENS
        runs.append(_run(rng, [tokens], [-1.0 if i == 0 else GAPS[i % len(GAPS)]]))
    for lengths in ([1, 1], [3, 64, 1, 17], [9, 2, 30, 30, 5]):
        gaps = [GAPS[int(rng.integers(len(GAPS)))] for _ in lengths]
        state = rng.normal(0, 0.5, (len(lengths), STATE)).round(4)
        runs.append(_run(rng, lengths, gaps) | {"state": state.astype(np.float32)})
    return runs


def _run(rng: np.random.Generator, lengths: list[int], gaps: list[float]) -> Run:
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
    ids = rng.integers(0, VOCABULARY, mask.shape) * mask
    return {
        "input_ids": ids.astype(np.int64),
        "attention_mask": mask.astype(np.int64),
        "sender": rng.integers(0, 2, len(lengths)),
        "gap_s": np.array(gaps, np.float32),
        "state": np.zeros((0, STATE), np.float32),
    }


def _answers(graph: bytes, runs: list[Run]) -> list[dict[str, Any]]:
    model, state, cases = session(graph), np.zeros((1, STATE), np.float32), []
    for run in runs:
        found = model.run(
            list(OUTPUTS), {**run, "state": run["state"] if len(run["state"]) else state}
        )
        state = found[OUTPUTS.index("state_out")]
        answers = dict(zip(OUTPUTS, found, strict=True))
        cases.append({name: _plain(array) for name, array in {**run, **answers}.items()})
    return cases


def _messages(graph: bytes) -> list[dict[str, Any]]:
    """A chat whose messages have one to four chunks, and what a port makes of each."""
    model, state = session(graph), np.zeros((1, STATE), np.float32)
    rng, told = np.random.default_rng(SEED + 2), []
    for count in (1, 2, 4, 3, 2, 4):
        sizes = [*[MAX_TOKENS] * (count - 1), int(rng.integers(1, MAX_TOKENS))]
        chunks = [rng.integers(0, VOCABULARY, size).tolist() for size in sizes]
        peer, gap = int(rng.integers(2)), GAPS[int(rng.integers(len(GAPS)))]
        found = []
        for i, ids in enumerate(chunks):
            one = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64),
                   "sender": np.array([peer]), "gap_s": np.array([0.0 if i else gap], np.float32),
                   "state": state}  # fmt: skip
            found.append(dict(zip(OUTPUTS, model.run(list(OUTPUTS), one), strict=True)))
            state = found[-1]["state_out"]
        of = {name: np.concatenate([each[name] for each in found]) for name in OUTPUTS}
        answers = {name: of[name].max(0) for name in ("risks", "indicators", "cues")}
        answers |= {"languages": of[LANGUAGES].mean(0), "state_out": state[0]}
        told.append({"chunks": chunks, "from_self": peer == 0, "gap_s": gap,
                     **{name: _plain(array) for name, array in answers.items()}})  # fmt: skip
    return told


def _plain(array: np.ndarray) -> Any:
    """Nested lists of short decimals."""
    return (
        array.astype(np.float64).round(7).tolist() if array.dtype == np.float32 else array.tolist()
    )


def check(folder: Path) -> str:
    """What is wrong with step.onnx or step.json, in one line; empty if nothing."""
    for name in ("step.onnx", "step.json"):
        if not (folder / name).is_file():
            return f"{name}: missing"
    committed = json.loads((folder / "step.json").read_text("utf-8"))
    graph, fresh = build()
    for name, data in (("this code", graph), ("step.onnx", (folder / "step.onnx").read_bytes())):
        for part, answers in (("cases", _answers(data, _runs())), ("messages", _messages(data))):
            given = committed.get(part, [])
            if len(answers) != len(given):
                return f"step.json: {len(given)} {part}, {name} gives {len(answers)}"
            for i, (one, other) in enumerate(zip(given, answers, strict=True)):
                for key, value in other.items():
                    if not _same(one[key], value):
                        return f"step.json: {part} {i}: {key} is not what {name} gives"
    parts = ("cases", "messages")
    heads = [{k: v for k, v in x.items() if k not in parts} for x in (committed, fresh)]
    return "" if heads[0] == heads[1] else "step.json: its head is not what this code gives"


def _same(one: Any, other: Any) -> bool:
    if isinstance(other, list) and other and isinstance(other[0], list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(np.allclose(one, other, rtol=0.0, atol=TOLERANCE))
