"""Lifts between families."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "carpool",
    "meet_request",
    "risk_check",
    "incentive",
    "personal_info_request",
    weak="personal_info_request",
)
