"""What each perturbation costs: the same chats before and after, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from safelight_training.evaluation import bootstrap, metrics
from safelight_training.evaluation.lab import rounded
from safelight_training.evaluation.replay import Played, play
from safelight_training.evaluation.robustness.perturb import NAMES, STRENGTHS, perturbed
from safelight_training.evaluation.subject import SENSITIVITY, Subject

Row = dict[str, Any]
Chat = dict[str, Any]


def measure(
    subject: Subject, chats: Sequence[Chat], strengths: Sequence[str] = tuple(STRENGTHS)
) -> list[Row]:
    """One row a perturbation and strength over all chats; the first row is of the plain chats."""
    graph, config = subject.graph(), subject.bundle.manifest.policies[SENSITIVITY]
    plain = play(graph, config, chats, "plain")
    drawn = bootstrap.families([chat["family"] for chat in chats])
    rows = [{"name": "none", "strength": "", **_figures(plain)}]
    for name in NAMES:
        for strength in strengths:
            changed = [perturbed(chat, name, strength) for chat in chats]
            played = play(graph, config, changed, f"{name}, {strength}")
            row = {"name": name, "strength": strength, **_figures(played)}
            texts = zip(chats, changed, strict=True)
            row["changed"] = sum(a["messages"] != b["messages"] for a, b in texts)
            rows.append({**row, "drop": _drop(plain, played, drawn)})
    return rows


def _figures(played: Sequence[Played]) -> Row:
    """Recall by harm of the risky, share warned of the harmless that are hard to tell."""
    hits = _in_time(played)
    hard = np.array([_is_hard(p) for p in played])
    warned = np.array([metrics.warned(np.array([p.first_warning]))[0] for p in played])
    risky = np.array([p.conversation["label"] != "none" for p in played])
    return {
        "n": int(risky.sum()),
        "recall": rounded(metrics.rate(hits[risky])),
        "n_hard": int(hard.sum()),
        "hard_warned": rounded(metrics.rate(warned[hard])),
    }


def _in_time(played: Sequence[Played]) -> np.ndarray:
    """(chats,) bool; false for harmless ones."""
    found = []
    for p in played:
        chat = p.conversation
        marks = (np.array([chat.get(name) or 0]) for name in ("first_sign", "warn_by"))
        hit = metrics.in_time(np.array([p.first_warning]), *marks)[0]
        found.append(chat["label"] != "none" and bool(hit))
    return np.array(found)


def _is_hard(played: Played) -> bool:
    return played.conversation["label"] == "none" and played.conversation.get("twin") == "hard"


def _drop(plain: Sequence[Played], played: Sequence[Played], drawn: Sequence[np.ndarray]) -> Row:
    """Recall lost (positive: worse), 95% interval over resampled families, paired."""
    risky = np.array([p.conversation["label"] != "none" for p in plain])

    def recall(hits: np.ndarray, indices: np.ndarray) -> float | None:
        mine = indices[risky[indices]]
        return float(hits[mine].mean()) if len(mine) else None

    before, after = _in_time(plain), _in_time(played)
    everyone = np.arange(len(risky))
    a, b = recall(before, everyone), recall(after, everyone)
    low, high = bootstrap.difference(recall, before, after, drawn) or (-1.0, 1.0)
    return {"value": round((a or 0) - (b or 0), 4), "low": round(low, 4), "high": round(high, 4)}
