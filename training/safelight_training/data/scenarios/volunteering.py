"""Helping out."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("volunteering", "meet_request", "incentive", "pressure", plain=True)
