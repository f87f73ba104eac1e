"""A collection for a good cause."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("crowdfund", "payment_demand", "deadline", "pressure", "incentive")
