"""Limits and negotiations."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("screen_time", "risk_check", "constant_contact", "isolation", cues=("refusal",))
