"""What each perturbation costs: the same chats before and after, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from safelight_training.evaluation import bootstrap, metrics
from safelight_training.evaluation.lab import rate_of
from safelight_training.evaluation.replay import Played, play
from safelight_training.evaluation.robustness.perturb import NAMES, STRENGTHS, perturbed
from safelight_training.evaluation.subject import SENSITIVITY, Subject
from safelight_training.evaluation.written import auroc_of

Row = dict[str, Any]
Chat = dict[str, Any]


def measure(
    subject: Subject, chats: Sequence[Chat], strengths: Sequence[str] = tuple(STRENGTHS)
) -> list[Row]:
    """One row a perturbation and strength; the first row is of the plain chats.

    `recall`, `hard_warned` and `auroc` are over all chats; `drop` and `rise`, paired, over those
    that the perturbation changed (accents can be dropped only where there are any).
    """
    graph, config = subject.graph(), subject.bundle.manifest.policies[SENSITIVITY]
    plain = play(graph, config, chats, "plain")
    risky, hard = _risky(plain), _hard(plain)
    in_time, warned = _in_time(plain), _warned(plain)
    rows = [{"name": "none", "strength": "", **_figures(plain)}]
    for name in NAMES:
        for strength in strengths:
            changed = [perturbed(chat, name, strength) for chat in chats]
            played = play(graph, config, changed, f"{name}, {strength}")
            touched = np.array(
                [a["messages"] != b["messages"] for a, b in zip(chats, changed, strict=True)]
            )
            rows.append({
                "name": name, "strength": strength, **_figures(played),
                "drop": _lost(in_time, _in_time(played), touched & risky),
                "rise": _lost(_warned(played), warned, touched & hard),
            })  # fmt: skip
    return rows


def _figures(played: Sequence[Played]) -> Row:
    """Recall by harm of the risky, share warned of the harmless that are hard to tell, AUROC."""
    risky, hard = _risky(played), _hard(played)
    return {
        "n": int(risky.sum()),
        "recall": rate_of(_in_time(played)[risky]),
        "n_hard": int(hard.sum()),
        "hard_warned": rate_of(_warned(played)[hard]),
        "auroc": auroc_of(played),
    }


def _risky(played: Sequence[Played]) -> np.ndarray:
    return np.array([p.conversation["label"] != "none" for p in played], bool)


def _hard(played: Sequence[Played]) -> np.ndarray:
    twins = [p.conversation.get("twin") == "hard" for p in played]
    return np.array(twins, bool) & ~_risky(played)


def _warned(played: Sequence[Played]) -> np.ndarray:
    return metrics.warned(np.array([p.first_warning for p in played], int))


def _in_time(played: Sequence[Played]) -> np.ndarray:
    """(chats,) bool; false for harmless ones."""
    first = np.array([p.first_warning for p in played], int)
    sign, by = (
        np.array([p.conversation.get(mark) or 0 for p in played], int)
        for mark in ("first_sign", "warn_by")
    )
    return metrics.in_time(first, sign, by) & _risky(played)


def _lost(before: np.ndarray, after: np.ndarray, kept: np.ndarray) -> Row | None:
    """Share of `before` minus share of `after` over the `kept` chats (positive: worse), with its
    95% interval over resampled pairs; None where nothing is kept."""
    one, other = before[kept].astype(float), after[kept].astype(float)
    if not len(one):
        return None
    drawn = bootstrap.families([str(i) for i in range(len(one))])
    low, high = bootstrap.difference(_mean, one, other, drawn) or (-1.0, 1.0)
    value = float(one.mean() - other.mean())
    return {"n": len(one), "value": round(value, 4), "low": round(low, 4), "high": round(high, 4)}


def _mean(values: np.ndarray, indices: np.ndarray) -> float:
    return float(values[indices].mean())
