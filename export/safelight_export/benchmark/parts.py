"""Where the time of a message goes: stages from text to assessment, and nodes of the graph."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from safelight.bundle_files import Bundle
from safelight.graph import Step
from safelight_export.benchmark.engines import Ours, session
from safelight_export.benchmark.rounds import Run, sample

STAGES = ("text preparation", "tokenizer", "graph", "around the graph", "policy and assessment")


def stages(ours: Ours, bundle: Bundle, texts: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds a message, one entry a round; the stages of a round add up to the whole.

    Each is the difference of two timings, so that an entry may fall below zero by chance.
    """
    graph, chat = ours.graph, ours.guard.conversation("parts")
    state = chat.state
    chunks = [graph.encode(text) for text in texts]
    steps = [Step(chunk, False, -1.0, state.hidden) for chunk in chunks]
    bare = session(bundle.files["model.onnx"])
    fed = [feed(chunk, graph.state_size) for message in chunks for chunk in message]
    runs: tuple[Run, ...] = (
        lambda: [graph.preparer.prepare(text) for text in texts],
        lambda: [graph.encode(text) for text in texts],
        lambda: [bare.run(None, inputs) for inputs in fed],
        lambda: [graph.step([step]) for step in steps],
        ours.observing(state, texts),
    )
    found: dict[str, list[float]] = {name: [] for name in STAGES}
    for _ in range(rounds):
        prepare, encode, run, step, whole = (sample(each, 0.0) / len(texts) for each in runs)
        parts = (prepare, encode - prepare, run, step - run, whole - encode - step)
        for name, value in zip(STAGES, parts, strict=True):
            found[name].append(round(value, 5))
    return found


def feed(chunk: Sequence[int], state_size: int) -> dict[str, Any]:
    """Inputs of the graph for one chunk of token ids, at the start of a chat."""
    ids = np.array([chunk], np.int64)
    return {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "sender": np.ones(1, np.int64),
        "gap_s": np.full(1, 5.0, np.float32),
        "state": np.zeros((1, state_size), np.float32),
    }


@dataclass(frozen=True)
class Node:
    """A node as it ran: shapes of what it read and wrote, and its mean time in µs.

    Weights that the kernel packed for itself are not among `read`.
    """

    op: str
    read: tuple[tuple[int, ...], ...]
    written: tuple[tuple[int, ...], ...]
    us: float


def nodes(model: bytes, inputs: dict[str, Any], runs: int) -> list[Node]:
    """Nodes of the optimised graph in the order in which they ran; the first half of the runs
    warms up."""
    with tempfile.TemporaryDirectory() as folder:
        bare = session(model, profile=Path(folder) / "run")
        for _ in range(2 * runs):
            bare.run(None, inputs)
        events = json.loads(Path(bare.end_profiling()).read_text("utf-8"))
    ran = [e for e in events if e["cat"] == "Node" and e["name"].endswith("_kernel_time")]
    a_run = len(ran) // (2 * runs)
    if a_run * 2 * runs != len(ran):
        raise ValueError("the graph did not run the same nodes each time")
    times = np.array([e["dur"] for e in ran[runs * a_run :]], float).reshape(runs, a_run)
    return [
        Node(e["args"]["op_name"], _shapes(e, "input"), _shapes(e, "output"), round(float(us), 3))
        for e, us in zip(ran[:a_run], np.median(times, axis=0), strict=True)
    ]


def _shapes(event: dict[str, Any], side: str) -> tuple[tuple[int, ...], ...]:
    listed = event["args"][f"{side}_type_shape"]
    return tuple(tuple(shape) for one in listed for shape in one.values())


def by_op(found: Sequence[Node]) -> list[dict[str, Any]]:
    """One row a kind of node, the slowest first: how many there are and their µs together."""
    count, spent = Counter(n.op for n in found), Counter[str]()
    for node in found:
        spent[node.op] += node.us  # type: ignore[assignment]
    return [{"op": op, "nodes": count[op], "us": round(us, 2)} for op, us in spent.most_common()]
