"""Tickets and the queue."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("concert", "payment_demand", "meet_request", "deadline", "incentive")
