"""Sharing a location with parents."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "safety_app",
    "personal_info_request",
    "risk_check",
    "constant_contact",
    weak="personal_info_request",
)
