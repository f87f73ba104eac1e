"""Somebody writes to a helpline."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "helpline",
    "risk_check",
    "personal_info_request",
    "self_harm_push",
    "secrecy",
    "share_threat",
    weak="personal_info_request",
    cues=("help_seeking", "distress", "minor_disclosure"),
)
