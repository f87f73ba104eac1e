"""Stopping a rumour."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "rumour",
    "share_threat",
    "secrecy",
    "isolation",
    "fabricated_image",
    cues=("distress", "help_seeking"),
)
