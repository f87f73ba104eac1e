"""Orders and times of a team."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("sport", "coerced_task", "constant_contact", "meet_request")
