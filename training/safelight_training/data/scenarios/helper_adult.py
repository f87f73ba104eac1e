"""Advice from a grown-up who helps."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "helpline",
    "secrecy",
    "isolation",
    "meet_request",
    "pressure",
    cues=("help_seeking", "distress"),
)
