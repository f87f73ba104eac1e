"""Parcel, bank and other spam that threatens nobody with pictures."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("scam_spam", "payment_demand", "deadline", "hacked_claim", "incentive")
