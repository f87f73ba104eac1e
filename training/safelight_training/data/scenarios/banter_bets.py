"""Bets and mock orders."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "banter",
    "coerced_task",
    "payment_demand",
    "deadline",
    "share_threat",
    cues=("refusal",),
)
