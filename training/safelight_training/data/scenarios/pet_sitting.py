"""Looking after animals."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("pet_sitting", "image_request", "payment_demand", "risk_check", "incentive")
