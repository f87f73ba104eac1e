"""Countdowns and a group booking."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("escape_room", "deadline", "payment_demand", "meet_request")
