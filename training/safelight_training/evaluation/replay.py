"""Conversations through the graph and the very policy that phones run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from safelight.graph import Graph
from safelight.policy import PolicyConfig, PolicyState, decide
from safelight.types import Level, Outputs
from safelight_training.evaluation.lab import Warnings
from safelight_training.evaluation.metrics import first_place
from safelight_training.scoring import Trace, replay


@dataclass(frozen=True)
class Played:
    """A conversation, what the graph said after each message, and the level shown then.

    levels: (messages,) int, values of Level.
    """

    conversation: dict[str, Any]
    trace: Trace
    levels: np.ndarray

    @property
    def highest(self) -> int:
        return int(self.levels.max())

    @property
    def first_warning(self) -> int:
        """Place of the first message at warning or above, or NEVER."""
        return first_place(self.levels >= Level.WARNING)


def warnings_of(played: Sequence[Played]) -> Warnings:
    """Loudest: the highest of both risks at any message, before thresholds and gates."""
    return Warnings(
        [p.conversation for p in played],
        np.array([float(p.trace.risks.max()) for p in played]),
        np.array([p.first_warning for p in played], int),
    )


def levels(conversation: dict[str, Any], trace: Trace, config: PolicyConfig) -> np.ndarray:
    """(messages,) int: the level after each message, from a fresh state."""
    state, found = PolicyState(), []
    for i, message in enumerate(conversation["messages"]):
        outputs = Outputs(trace.risks[i], trace.indicators[i], trace.cues[i])
        state, level, _, _ = decide(state, config, message["sender"], f"m{i}", outputs)
        found.append(int(level))
    return np.array(found, np.int64)


def play(
    graph: Graph,
    config: PolicyConfig,
    conversations: Sequence[dict[str, Any]],
    label: str,
    threads: int | None = None,
) -> list[Played]:
    """Every conversation, in the order given; `config` is that of one sensitivity.

    label, threads: as `replay` takes them.
    """
    traces = replay(graph, conversations, label, threads)
    return [
        Played(conversation, trace, levels(conversation, trace, config))
        for conversation, trace in zip(conversations, traces, strict=True)
    ]
