"""Plans for the weekend."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("weekend", "meet_request", "risk_check", "incentive", "pressure", plain=True)
