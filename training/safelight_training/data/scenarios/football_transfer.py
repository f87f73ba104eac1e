"""Teams and transfers."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("football_transfer", "payment_demand", "deadline", "share_threat", plain=True)
