"""Looking after small children."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("babysitting", "risk_check", "payment_demand", "incentive", "constant_contact")
