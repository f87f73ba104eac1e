"""Forms and packing for a trip."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("school_trip", "deadline", "payment_demand", "meet_request", "risk_check")
