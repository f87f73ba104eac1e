"""Storms and closed schools."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("weather_alert", "risk_check", "deadline", "meet_request", plain=True)
