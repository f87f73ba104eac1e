"""What each perturbation costs: the same chats before and after, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from safelight_training.evaluation import bootstrap, metrics
from safelight_training.evaluation.lab import Warnings, rate_of
from safelight_training.evaluation.replay import play, warnings_of
from safelight_training.evaluation.robustness.perturb import NAMES, STRENGTHS, perturbed
from safelight_training.evaluation.subject import SENSITIVITY, Subject

Row = dict[str, Any]
Chat = dict[str, Any]


def measure(
    subject: Subject, chats: Sequence[Chat], strengths: Sequence[str] = tuple(STRENGTHS)
) -> list[Row]:
    """One row a perturbation and strength; the first row is of the plain chats.

    `recall`, `hard_warned` and `auroc` are over all chats; `drop` and `rise`, paired, over those
    that the perturbation changed (accents can be dropped only where there are any).
    """
    graph, config = subject.replayed(), subject.bundle.manifest.policies[SENSITIVITY]
    plain = warnings_of(play(graph, config, chats, "plain"))
    rows = [{"name": "none", "strength": "", **_figures(plain)}]
    for name in NAMES:
        for strength in strengths:
            changed = [perturbed(chat, name, strength) for chat in chats]
            after = warnings_of(play(graph, config, changed, f"{name}, {strength}"))
            touched = np.array(
                [a["messages"] != b["messages"] for a, b in zip(chats, changed, strict=True)]
            )
            rows.append({
                "name": name, "strength": strength, **_figures(after),
                **cost(plain, after, touched),
            })  # fmt: skip
    return rows


def cost(plain: Warnings, after: Warnings, touched: np.ndarray) -> Row:
    """`drop` of the recall by harm and `rise` of hard-to-tell chats warned, over `touched` ones."""
    return {
        "drop": _lost(plain.in_time(), after.in_time(), touched & plain.risky),
        "rise": _lost(metrics.warned(after.first), metrics.warned(plain.first),
                      touched & hard(plain)),
    }  # fmt: skip


def _figures(found: Warnings) -> Row:
    """Recall by harm of the risky, share warned of the harmless that are hard to tell, AUROC."""
    risky, told = found.risky, hard(found)
    value = metrics.auroc(risky, found.loudest)
    return {
        "n": int(risky.sum()),
        "recall": rate_of(found.in_time()[risky]),
        "n_hard": int(told.sum()),
        "hard_warned": rate_of(metrics.warned(found.first)[told]),
        "auroc": None if value is None else round(value, 4),
    }


def hard(found: Warnings) -> np.ndarray:
    """(chats,) bool: harmless, and hard to tell."""
    return np.array([chat.get("twin") == "hard" for chat in found.chats], bool) & ~found.risky


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
