"""Camp and badges."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("scouts", "coerced_task", "meet_request", "deadline", "risk_check")
