"""What rounding costs on a phone: how far the state drifts in a long chat, and which warnings of
the judging chats change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from safelight.graph import Graph, Step
from safelight.policy_config import PolicyConfig
from safelight.types import Outputs
from safelight_training.evaluation import metrics
from safelight_training.evaluation.replay import play, warnings_of
from safelight_training.evaluation.robustness.rows import hard

Floats = NDArray[np.float32]
#: One step, as any of the graphs takes it: what is said, and the state after it.
Engine = Callable[[Step], tuple[Outputs, Floats]]
#: Messages of one chat after which its two states are compared.
MARKS = (10, 100, 1_000, 10_000)


def drift(exact: Engine, small: Engine, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """One chat of all `steps` through both: at each of MARKS that it reaches the cosine of the two
    states, and the largest difference of a risk (0..1) since the mark before."""
    engines, states = (exact, small), [steps[0].state] * 2
    found, largest = [], 0.0
    for count, step in enumerate(steps, 1):
        risks = []
        for i, engine in enumerate(engines):
            said, states[i] = engine(Step(step.chunks, step.from_self, step.gap_s, states[i]))
            risks.append(said.risks)
        largest = max(largest, float(np.abs(risks[0] - risks[1]).max()))
        if count in MARKS:
            cosine = round(cosines(*(state[None] for state in states))[0], 5)
            found.append({"messages": count, "cosine": cosine, "risk": round(largest, 4)})
            largest = 0.0
    return found


def cosines(one: Floats, other: Floats) -> list[float]:
    """Of each row of `one` (n, size) with that of `other`."""
    sizes = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    return [float(value) for value in (one * other).sum(-1) / sizes]


def warned(
    graphs: Mapping[str, Graph], config: PolicyConfig, chats: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """What each of the two `graphs` does with labelled `chats` under one policy, and in how many of
    them the first warning moves, comes or goes."""
    found = {name: warnings_of(play(graph, config, chats, name)) for name, graph in graphs.items()}
    one, other = found.values()
    rows = {
        name: {
            "in_time": int(its.in_time().sum()),
            "hard_warned": int(metrics.warned(its.first)[hard(its)].sum()),
            "auroc": round(metrics.auroc(its.risky, its.loudest) or 0.0, 4),
        }
        for name, its in found.items()
    }
    sizes = {"risky": int(one.risky.sum()), "hard": int(hard(one).sum()), "chats": len(chats)}
    return {**sizes, "graphs": rows, "moved": int((one.first != other.first).sum())}


def tables(found: dict[str, Any]) -> list[str]:
    """The lines of the page, from the JSON of both."""
    lines = ["| messages of one chat | cosine of the two states | largest difference of a risk "
             "since the row above |", "| --- | --- | --- |"]  # fmt: skip
    lines += [
        f"| {r['messages']:,} | {r['cosine']:.5f} | {r['risk']:.4f} |" for r in found["drift"]
    ]
    told = found["warned"]
    lines += ["", "| development half of the judging chats | in time | hard ones warned | AUROC |",
              "| --- | --- | --- | --- |"]  # fmt: skip
    for name, row in told["graphs"].items():
        time, hard = row["in_time"] / told["risky"], row["hard_warned"] / told["hard"]
        lines.append(
            f"| {name} | {time:.1%} ({row['in_time']} of {told['risky']}) "
            f"| {hard:.1%} ({row['hard_warned']} of {told['hard']}) | {row['auroc']:.4f} |"
        )
    return [*lines, "", f"The first warning moves, comes or goes in {told['moved']} of "
            f"{told['chats']} chats."]  # fmt: skip
