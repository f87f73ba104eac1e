"""A model's figures from its logits, without a bundle: thresholds as the recipe sets them, then the
judging chats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score

from safelight_training import operating_point
from safelight_training.batches import Encoded
from safelight_training.calibrate import N_INDICATORS, calibrate
from safelight_training.data.authored_format import is_authored
from safelight_training.evaluation import metrics
from safelight_training.model import N_LABELS
from safelight_training.operating_point import ByGate, by_dialogue, choose_from
from safelight_training.scoring import Trace
from safelight_training.thresholds import BUDGETS, SENSITIVITY, pick, warning_scores

Row = dict[str, Any]
Logits = list[tuple[np.ndarray, np.ndarray]]  # of labels (messages, 26) and risks (messages, 2)
#: Chats that calibrate, that set thresholds, that count.
SETS = ("validation", "calibration", "dev")
#: Hard-to-tell chats in a hundred that the comparable points warn.
HARD = (2, 5, 10)
#: Messages that must show a label for its precision to count.
SHOWN = 10


def judge(
    chats: dict[str, list[Row]], sets: dict[str, list[Encoded]], said: dict[str, Logits]
) -> Row:
    """Thresholds by the recipe's procedure, then the figures on `dev`."""
    traces, chosen = _chosen(chats, sets, said)
    scores = warning_scores(chosen, chats["dev"], traces["dev"])
    standard, proof = chosen["thresholds"]["levels"]["standard"], chosen["evidence"]["standard"]
    edge = standard["sextortion"]["warning"]
    kinds = np.array([str(c.get("twin")) if c["label"] == "none" else "risky"
                      for c in chats["dev"]])  # fmt: skip
    peaks = np.array([s.max(initial=0.0) for s in scores])
    raw = np.array([t.risks.max() for t in traces["dev"]])
    hard = peaks[kinds == "hard"]
    at_hard = {n: float(np.quantile(hard, 1 - n / 100, method="higher")) for n in HARD}
    progression = chosen["evidence"]["progression"]
    found = {
        "auroc": metrics.auroc(kinds == "risky", raw),
        "auroc_gated": metrics.auroc(kinds == "risky", peaks),
        "recall": _recall(chats["dev"], scores, edge),
        "hard": metrics.rate(hard >= edge).share,
        "plain": metrics.rate(peaks[kinds == "plain"] >= edge).share,
        **{f"recall_at_{n}_percent": _recall(chats["dev"], scores, np.nextafter(point, 2))
           for n, point in at_hard.items()},
        "threshold": edge,
        "threshold_of_real_chats": float(_edge_of_real(traces, chats, chosen)),
        "threshold_of_hard_ones": proof["hard_negatives"]["edge_at_budget"],
        "validation_recall": max(progression["recall_with"], progression["recall_without"]),
        "gate": progression["kept"],
        "label_precision": label_precision(chats["validation"], sets["validation"],
                                           said["validation"]),
    }  # fmt: skip
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}


def real_by_gate(
    chats: dict[str, list[Row]], sets: dict[str, list[Encoded]], said: dict[str, Logits]
) -> ByGate:
    """What a model makes of the real chats in `calibration`, calibrated on `validation`."""
    traces = _traces(sets, said)
    return operating_point.real_by_gate(chats["validation"], traces["validation"],
                                        chats["calibration"], traces["calibration"])  # fmt: skip


def _traces(sets: dict[str, list[Encoded]], said: dict[str, Logits]) -> dict[str, list[Trace]]:
    """Calibrated, of each set."""
    calibration = calibrate(_flat(sets["validation"], said["validation"]))
    return {name: [_trace(calibration, *pair) for pair in pairs] for name, pairs in said.items()}


def _chosen(
    chats: dict[str, list[Row]], sets: dict[str, list[Encoded]], said: dict[str, Logits]
) -> tuple[dict[str, list[Trace]], Row]:
    """Calibrated traces of each set, and the operating point that the recipe would choose."""
    traces = _traces(sets, said)
    return traces, choose_from(chats["validation"], traces["validation"],
                               chats["calibration"], traces["calibration"])  # fmt: skip


def label_precision(chats: Sequence[Row], encoded: Sequence[Encoded], said: Logits) -> float | None:
    """Mean average precision, 0..1, of the labels in whole dialogues; None where too few show any.

    Thousands of messages decide it, so it tells models apart sooner than recall on a few hundred
    chats does.
    """
    whole = [i for i, chat in enumerate(chats) if is_authored(chat)]
    if not whole:
        return None
    logits = np.concatenate([said[i][0] for i in whole])
    target = np.concatenate([encoded[i].labels for i in whole]) > 0
    asked = np.concatenate([encoded[i].label_mask for i in whole]) > 0
    found = [
        float(average_precision_score(target[rows, column], logits[rows, column]))
        for column, rows in enumerate(asked.T)
        if target[rows, column].sum() >= SHOWN
    ]
    return float(np.mean(found)) if found else None


def _edge_of_real(
    traces: dict[str, list[Trace]], chats: dict[str, list[Row]], chosen: Row
) -> float:
    """The threshold that the real chats alone would ask for."""
    budget = BUDGETS["warning"] * SENSITIVITY["standard"]
    return pick(by_dialogue(chats["calibration"], _peaks(traces, chats, chosen)), budget)


def _peaks(traces: dict[str, list[Trace]], chats: dict[str, list[Row]], chosen: Row) -> np.ndarray:
    scores = warning_scores(chosen, chats["calibration"], traces["calibration"])
    return np.array([said.max(initial=0.0) for said in scores])


def _recall(chats: Sequence[Row], scores: Sequence[np.ndarray], edge: float) -> float:
    """Recall by harm over both risks, 0..1."""
    risky = [(c, s) for c, s in zip(chats, scores, strict=True) if c["label"] != "none"]
    first = np.array([metrics.first_place(s >= edge) for _, s in risky])
    sign, by = (np.array([c[mark] for c, _ in risky]) for mark in ("first_sign", "warn_by"))
    return float(metrics.in_time(first, sign, by).mean())


def _flat(encoded: Sequence[Encoded], said: Logits) -> dict[str, np.ndarray]:
    parts = {
        "labels": [labels for labels, _ in said], "risks": [risks for _, risks in said],
        "label_target": [c.labels for c in encoded], "label_mask": [c.label_mask for c in encoded],
        "risk_target": [c.risks for c in encoded], "risk_weight": [c.risk_weight for c in encoded],
    }  # fmt: skip
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


def _trace(calibration: Row, labels: np.ndarray, risks: np.ndarray) -> Trace:
    def of(kind: str, logits: np.ndarray) -> np.ndarray:
        a, b = (np.array(calibration[kind][k], np.float32) for k in "ab")
        return 1 / (1 + np.exp(-(a * logits + b)))

    indicators, cues = labels[:, :N_INDICATORS], labels[:, N_INDICATORS:N_LABELS]
    return Trace(of("risks", risks), of("indicators", indicators), of("cues", cues))
