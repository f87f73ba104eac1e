"""Alarms, pop-ups, muted groups and safety apps, talked of in the open."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("warnings", "secrecy:warnings", "secrecy", "risk_check", "constant_contact")
