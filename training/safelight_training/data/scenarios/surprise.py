"""A party or a present that somebody must not hear of."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("surprise", "secrecy", "payment_demand", "meet_request", "risk_check")
