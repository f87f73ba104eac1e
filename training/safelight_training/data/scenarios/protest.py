"""A petition and a stand."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("protest", "secrecy", "meet_request", "pressure", "deadline")
