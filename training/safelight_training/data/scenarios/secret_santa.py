"""Secret presents."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("secret_santa", "secrecy", "incentive", "deadline")
