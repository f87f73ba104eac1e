"""Codes and locked accounts."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "account_recovery",
    "hacked_claim",
    "deadline",
    "personal_info_request",
    "secrecy",
    cues=("help_seeking",),
)
