"""Friends laugh about a scam."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("scam_spam", "hacked_claim", "share_threat", "payment_demand", "deadline")
