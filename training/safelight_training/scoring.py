"""Replays conversations through a bundle's graph, many at once, exactly as a phone would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from safelight.graph import Graph, Step

from .targets import gaps

#: Conversations replayed side by side.
WIDTH = 64


@dataclass(frozen=True)
class Trace:
    """What the graph said after each message: calibrated probabilities, 0..1."""

    risks: np.ndarray  # (messages, 2)
    indicators: np.ndarray  # (messages, 21)
    cues: np.ndarray  # (messages, 5)


def replay(
    graph: Graph, conversations: Sequence[dict[str, Any]], label: str = "replay"
) -> list[Trace]:
    """One trace a conversation, in the order given. Causal: message i sees messages 0..i."""
    order = sorted(range(len(conversations)), key=lambda i: len(conversations[i]["messages"]))
    traces: list[Trace | None] = [None] * len(conversations)
    with tqdm(total=len(order), desc=label, mininterval=5) as bar:
        for at in range(0, len(order), WIDTH):
            group = order[at : at + WIDTH]
            found = _replay_group(graph, [conversations[i] for i in group])
            for i, trace in zip(group, found, strict=True):
                traces[i] = trace
            bar.update(len(group))
    return [trace for trace in traces if trace is not None]


def _replay_group(graph: Graph, group: Sequence[dict[str, Any]]) -> Iterator[Trace]:
    all_gaps = [gaps(conversation) for conversation in group]
    states = [np.zeros(graph.state_size, np.float32) for _ in group]
    outputs: list[list[Any]] = [[] for _ in group]
    for turn in range(max(len(c["messages"]) for c in group)):
        rows = [i for i, c in enumerate(group) if turn < len(c["messages"])]
        steps = []
        for i in rows:
            message = group[i]["messages"][turn]
            chunks = graph.encode(message.get("text", ""), message.get("media"))
            steps.append(
                Step(chunks, message["sender"] == "self", float(all_gaps[i][turn]), states[i])
            )
        found, after = graph.step(steps)
        for i, output, state in zip(rows, found, after, strict=True):
            outputs[i].append(output)
            states[i] = state
    for found in outputs:
        yield Trace(*(_stack(found, name) for name in ("risks", "indicators", "cues")))


def _stack(outputs: Iterable[Any], name: str) -> np.ndarray:
    return np.stack([getattr(output, name) for output in outputs])
