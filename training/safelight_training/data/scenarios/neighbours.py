"""Keys, noise and parcels."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("neighbours", "risk_check", "meet_request", "secrecy", plain=True)
