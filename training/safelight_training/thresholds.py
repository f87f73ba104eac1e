"""Thresholds from a budget of false alarms on real chats, by replaying the policy's gates.

For each chat and risk the score of a level is the highest probability at a message where
the policy's gate for that level is open. Allowing k of n chats at or above a threshold,
the 95% Clopper-Pearson upper bound of the rate must stay within the budget.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import beta

from safelight.policy import PolicyState, decide
from safelight.policy_config import PolicyConfig
from safelight.taxonomy import CUES, INDICATORS, RISKS
from safelight.types import Level, Outputs

from .scoring import Trace

#: Share of ordinary conversations that may reach each level (taxonomy.md), and its multiples.
BUDGETS = {"notice": 0.01, "warning": 0.001, "urgent": 0.0002}
SENSITIVITY = {"low": 0.5, "standard": 1.0, "high": 3.0}
#: Share of hard negatives that may be warned at standard sensitivity; its multiples at the others.
HARD_NEGATIVES = 0.05
LEAVE = 0.6
#: How many times as many may get a notice: what lies between the budgets of the two levels. It
#: counts where no real chat bounds a notice.
NOTICED = 10
#: The highest threshold: a probability of 1 has no logit.
TOP = 0.999999
#: How far, in logits, a threshold stands above the loudest chat that must stay below it: what
#: another processor's rounding moves.
MARGIN = 0.05

POLICY: dict[str, Any] = {
    "weak": ["personal_info_request", "special_bond", "identity_claim", "boundary_test"],
    "critical": ["share_threat", "payment_demand", "hacked_claim", "fabricated_image",
                 "self_harm_push", "coerced_task"],
    "critical_with": {"payment_demand": ["share_threat", "fabricated_image", "hacked_claim"]},
    "direct": {"self_harm_push": 0.95, "coerced_task": 0.97},  # at least; see policy_for
    "tally_decay": 0.98,
    "tally_min": 0.3,
    "hold_messages": 3,
}  # fmt: skip


def upper_bound(k: int, n: int, confidence: float = 0.95) -> float:
    """One-sided Clopper-Pearson upper bound of a rate seen k times in n."""
    return 1.0 if k >= n else float(beta.ppf(confidence, k + 1, n - k))


def allowed(n: int, budget: float) -> int:
    """The largest k whose upper bound over n chats stays within the budget; −1 if none does."""
    k = -1
    while k + 1 < n and upper_bound(k + 1, n) <= budget:
        k += 1
    return k


def needed(budget: float) -> int:
    """The fewest chats that prove a budget (0..1) where none of them reaches the level."""
    return math.ceil(math.log(0.05) / math.log1p(-budget))


def indicator_thresholds(
    probability: np.ndarray, target: np.ndarray, mask: np.ndarray
) -> dict[str, list[float]]:
    """`present`: best F1 where precision is at least 0.5; `strong`: precision of at least 0.9."""
    present, strong = [], []
    for column in range(len(INDICATORS)):
        keep = mask[:, column] > 0
        p, y = probability[keep, column], target[keep, column]
        low = _best(p, y, 0.5)
        present.append(low)
        strong.append(max(low, _first(p, y, 0.9)))
    return {"present": present, "strong": strong}


def cue_thresholds(probability: np.ndarray, target: np.ndarray, mask: np.ndarray) -> list[float]:
    columns = range(len(CUES))
    return [_best(probability[mask[:, i] > 0, i], target[mask[:, i] > 0, i], 0.5) for i in columns]


def _grid(p: np.ndarray, y: np.ndarray) -> list[tuple[float, float, float]]:
    rows = []
    # From what the policy's tally keeps: what is fainter would be shown and count for nothing.
    for threshold in np.arange(POLICY["tally_min"], 0.96, 0.05):
        hit = p >= threshold
        true = float((hit & (y > 0)).sum())
        precision, recall = true / max(hit.sum(), 1), true / max((y > 0).sum(), 1)
        rows.append((round(float(threshold), 2), precision, recall))
    return rows


def _best(p: np.ndarray, y: np.ndarray, least: float) -> float:
    rows = [r for r in _grid(p, y) if r[1] >= least and r[2] > 0]
    best = max(rows, key=lambda r: 2 * r[1] * r[2] / (r[1] + r[2]), default=(0.9, 0, 0))
    return best[0]


def _first(p: np.ndarray, y: np.ndarray, least: float) -> float:
    return next((r[0] for r in _grid(p, y) if r[1] >= least and r[2] > 0), 0.95)


def policy_for(
    indicators: dict[str, list[float]], require_progression: bool = True
) -> dict[str, Any]:
    """The policy whose direct thresholds are not below those of the indicators themselves."""
    strong = dict(zip(INDICATORS, indicators["strong"], strict=True))
    direct = {name: max(p, strong[name]) for name, p in POLICY["direct"].items()}
    return {**POLICY, "direct": direct, "require_progression": require_progression}


def gated_scores(conversation: dict[str, Any], trace: Trace, config: PolicyConfig) -> np.ndarray:
    """(messages, 3, 2): the risks where the gate of notice, warning, urgent is open, else 0.

    `config` enters every level at 0, so what the policy raises is what its gates let through.
    """
    below_urgent = replace(config, enter=(*config.enter[:2], (math.inf, math.inf)))
    scores = np.zeros((len(conversation["messages"]), 3, len(RISKS)))
    state = PolicyState()
    for i, message in enumerate(conversation["messages"]):
        outputs = Outputs(trace.risks[i], trace.indicators[i], trace.cues[i])
        # The level is taken back before each message: only the gate of this one is asked.
        before = replace(state, level=Level.NONE, below=0)
        state, level, _, _ = decide(before, config, message["sender"], str(i), outputs)
        if level is Level.URGENT:  # its gate may be open where that of a warning is not
            scores[i, 2] = trace.risks[i]
            _, level, _, _ = decide(before, below_urgent, message["sender"], str(i), outputs)
        scores[i, : int(level)] = trace.risks[i]
    scores[:, 2, 0] = 0.0  # grooming alone never raises urgent
    return scores


def warning_scores(
    manifest: dict[str, Any], chats: Sequence[dict[str, Any]], traces: Sequence[Trace]
) -> list[np.ndarray]:
    """(messages,) of each chat: the louder risk where the gate of `warning` is open, else 0."""
    config = open_config(manifest)
    return [gated_scores(c, t, config)[:, 1].max(-1) for c, t in zip(chats, traces, strict=True)]


def open_config(manifest: dict[str, Any]) -> PolicyConfig:
    """The policy of `manifest` with every level entered at once when its gate opens."""
    config = PolicyConfig.from_manifest(manifest)
    zero = ((0.0, 0.0), (0.0, 0.0), (math.inf, 0.0))
    return replace(config, enter=zero, direct=dict.fromkeys(config.direct, 2.0))


def pick(scores: np.ndarray, budget: float) -> float:
    """Threshold for one level: at most as many of the n chats at or above it as prove the budget.

    `scores` (chats,) 0..1. Where not even k = 0 proves it, the threshold stands above every score.
    """
    n = len(scores)
    k = max(allowed(n, budget), 0)
    edge = float(np.sort(scores)[::-1][k]) if k < n else 0.0
    z = math.log(max(edge, 1e-6) / max(1 - edge, 1e-6)) + MARGIN
    return min(1 / (1 + math.exp(-z)), TOP)


def proof(scores: np.ndarray, threshold: float) -> dict[str, Any]:
    """What the sample shows of a threshold: k of n chats reach it."""
    n, k = len(scores), int((scores >= threshold).sum())
    return {"n": n, "k": k, "upper_bound_95": round(upper_bound(k, n), 6)}


def unproven(evidence: dict[str, Any]) -> str:
    """One line: which budgets at standard sensitivity the evidence of a manifest does not prove;
    empty where it proves all."""
    found = evidence["standard"]
    if not (n := found["warning"]["n"]):
        return "no real chats: thresholds rest on written ones and meet no budget of false alarms"
    over = [
        f"{level} {found[level]['upper_bound_95']:.2%} for {budget:.2%}, which takes "
        f"{needed(budget):,} chats without an alarm"
        for level, budget in BUDGETS.items()
        if found[level]["upper_bound_95"] > budget
    ]
    said = f"{n:,} real chats do not prove these budgets of false alarms (bound of 95%): "
    return said + "; ".join(over) if over else ""


def level_thresholds(
    real: np.ndarray, hard: np.ndarray, budgets: dict[str, float] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`levels` of the manifest and the evidence behind them.

    `real` (chats, 3, 2) and `hard` (chats, 3, 2): gated scores of real calibration chats
    and of validation hard negatives. One threshold serves both risks: their scores are
    calibrated alike, and a budget is spent on whatever alarms first. Without real chats the hard
    negatives alone bound notice and warning.
    """
    budgets = budgets or BUDGETS
    levels: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    worst = dict(zip(budgets, real.max(-1).T, strict=True))  # (chats,) each: the louder risk
    heard, loud = hard[:, :2].max(-1).T if len(hard) else np.zeros((2, 1))
    for sensitivity, factor in SENSITIVITY.items():
        found = {level: pick(worst[level], budget * factor) for level, budget in budgets.items()}
        share = HARD_NEGATIVES * factor
        edge = float(np.quantile(loud, 1 - share))
        if not len(real):
            found["notice"] = float(np.quantile(heard, 1 - min(NOTICED * share, 1)))
        found["warning"] = max(found["warning"], found["notice"], edge)
        found["urgent"] = max(found["urgent"], found["warning"])
        rounded = {level: round(p, 6) for level, p in found.items()}
        levels[sensitivity] = {
            "grooming": {"notice": rounded["notice"], "warning": rounded["warning"]},
            "sextortion": rounded,
            "leave": LEAVE,
        }
        evidence[sensitivity] = {level: proof(worst[level], p) for level, p in rounded.items()}
        evidence[sensitivity]["hard_negatives"] = {"n": len(hard), "edge_at_budget": round(edge, 4)}
    return levels, evidence
