"""Clues and meeting points."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("treasure_hunt", "secrecy", "meet_request", "coerced_task", "deadline")
