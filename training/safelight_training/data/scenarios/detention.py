"""Trouble at school."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "detention",
    "deadline",
    "coerced_task",
    "share_threat",
    "secrecy",
    cues=("distress",),
)
