"""Anybody's model in the lab: what it must answer, and adapters for the two usual kinds.

A system says, after each message of a conversation, how risky the chat is; the lab does the rest.

    class Mine:
        name = "mine"
        def scores(self, chats): ...      # one (messages,) array a chat, causal
    found = lab.warnings(chats, Mine().scores(chats), threshold)

or, for any callable over a growing conversation, `Growing("mine", my_risk)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from safelight_training import thresholds
from safelight_training.evaluation.subject import Subject
from safelight_training.operating_point import dialogue
from safelight_training.scoring import replay

Chat = dict[str, Any]
Messages = Sequence[dict[str, Any]]


class System(Protocol):
    """`scores`: for each chat (messages,) float; entry i depends on messages 0..i alone.

    Any monotone scale will do for ranks and thresholds; reliability asks for probabilities.
    """

    name: str

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]: ...


@dataclass(frozen=True)
class Growing:
    """A callable that maps the messages so far (`formats.md`) to a risk, message after message."""

    name: str
    risk: Callable[[Messages], float]

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        return [
            np.array([self.risk(c["messages"][: i + 1]) for i in range(len(c["messages"]))])
            for c in chats
        ]


@dataclass(frozen=True)
class Safelight:
    """A bundle: its louder risk where the policy's gate of `warning` is open, else 0."""

    name: str
    subject: Subject

    def scores(self, chats: Sequence[Chat]) -> list[np.ndarray]:
        traces = replay(self.subject.graph(), chats, self.name)
        return thresholds.warning_scores(self.subject.bundle.manifest.raw, chats, traces)


def same_rule(
    system: System, real: Sequence[Chat], hard: Sequence[Chat], budget: float | None = None
) -> float:
    """The threshold of `warning` by the rule that the shipped thresholds follow.

    No more of the real calibration chats `real` (a dialogue counts once, by the louder of its two
    ways round) than the budget allows with its 95% bound, and 5% of the hard negatives of
    validation `hard` at most. Scores need not be probabilities.
    """
    loudest: dict[str, float] = {}
    for chat, scores in zip(real, system.scores(real), strict=True):
        key = dialogue(chat)
        loudest[key] = max(loudest.get(key, -np.inf), float(scores.max(initial=-np.inf)))
    budget = thresholds.BUDGETS["warning"] if budget is None else budget
    ordered = np.sort(np.array(list(loudest.values())))[::-1]
    k = max(thresholds.allowed(len(ordered), budget), 0)
    edge = float(np.nextafter(ordered[k], np.inf)) if k < len(ordered) else -np.inf
    loud = [float(s.max(initial=-np.inf)) for s in system.scores(hard)]
    asked = float(np.quantile(loud, 1 - thresholds.HARD_NEGATIVES)) if loud else -np.inf
    return max(edge, float(np.nextafter(asked, np.inf)))
