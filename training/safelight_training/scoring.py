"""Replays conversations through a bundle's graph, as many at once as there are cores, exactly as a
phone would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from safelight.graph import Graph, Step
from safelight_export.benchmark.machine import cores

from .targets import gaps

#: Chats of like length that one core follows one after the other.
IN_A_ROW = 8


@dataclass(frozen=True)
class Trace:
    """What the graph said after each message: calibrated probabilities, 0..1."""

    risks: np.ndarray  # (messages, 2)
    indicators: np.ndarray  # (messages, 21)
    cues: np.ndarray  # (messages, 5)


def replay(
    graph: Graph,
    conversations: Sequence[dict[str, Any]],
    label: str = "replay",
    threads: int | None = None,
) -> list[Trace]:
    """One trace a conversation, in the order given. Causal: message i sees messages 0..i.

    label: of the bar on standard error; "" shows none. threads: as many as there are cores if None.
    """
    # The longest first, so that no core waits for one at the end; a few in a row on one core, so
    # that both ways round of a chat come one after the other and the second finds what the first
    # left (replayed.py). Threads do: the graph's work is outside Python's lock.
    order = sorted(range(len(conversations)), key=lambda i: -len(conversations[i]["messages"]))
    rows = [order[at : at + IN_A_ROW] for at in range(0, len(order), IN_A_ROW)]
    traces: dict[int, Trace] = {}

    def follow(row: Sequence[int]) -> list[Trace]:
        return [_trace(graph, conversations[i]) for i in row]

    with (
        ThreadPoolExecutor(threads or cores()) as pool,
        tqdm(None, label, len(order), mininterval=5, disable=not label) as bar,
    ):
        for row, found in zip(rows, pool.map(follow, rows), strict=True):
            traces.update(zip(row, found, strict=True))
            bar.update(len(row))
    return [traces[i] for i in range(len(order))]


def _trace(graph: Graph, conversation: dict[str, Any]) -> Trace:
    state = np.zeros(graph.state_size, np.float32)
    outputs = []
    for message, gap in zip(conversation["messages"], gaps(conversation), strict=True):
        chunks = graph.encode(message.get("text", ""), message.get("media"))
        step = Step(chunks, message["sender"] == "self", float(gap), state)
        found, after = graph.step([step])
        outputs += found
        state = after[0]
    return Trace(*(_stack(outputs, name) for name in ("risks", "indicators", "cues")))


def _stack(outputs: Iterable[Any], name: str) -> np.ndarray:
    return np.stack([getattr(output, name) for output in outputs])
