"""Mopeds and bicycles."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("driving", "meet_request", "incentive", "payment_demand", plain=True)
