"""Data and family accounts."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("phone_contract", "payment_demand", "deadline", "move_channel")
