"""What a warning is worth where risky chats are rare, and what a year of chats would bring."""

from __future__ import annotations

from safelight_training.evaluation.metrics import Rate

PREVALENCES = (1e-2, 1e-3, 1e-4)
#: A young person's volume (evaluation.md): chats active in a month, and messages.
CHATS_A_MONTH, MESSAGES_A_MONTH = 20, 3000


def precision(recall: float, false_alarms: float, prevalence: float) -> float | None:
    """Share of warned chats that are risky (Bayes); None where nothing would ever be warned."""
    true, false = recall * prevalence, false_alarms * (1 - prevalence)
    return true / (true + false) if true + false > 0 else None


def precision_bounds(recall: Rate, false_alarms: Rate, prevalence: float) -> tuple[float, float]:
    """Precision with both rates at their worse ends, and at their better ends (conservative)."""
    low = precision(recall.low, false_alarms.high, prevalence)
    high = precision(recall.high, false_alarms.low, prevalence)
    return low or 0.0, 1.0 if high is None else high


def a_year(share_of_chats: float) -> float:
    """False alarms in a person's year, by chats."""
    return share_of_chats * CHATS_A_MONTH * 12


def a_year_by_messages(per_10_000: float) -> float:
    """False alarms in a person's year, by messages of long streams."""
    return per_10_000 / 10_000 * MESSAGES_A_MONTH * 12
