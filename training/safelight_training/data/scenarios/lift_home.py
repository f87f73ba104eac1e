"""Who drives whom, and parents know."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("lift_home", "meet_request", "risk_check", "constant_contact")
