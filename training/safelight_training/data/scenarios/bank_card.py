"""A first bank card."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("bank_card", "payment_demand", "secrecy", "incentive", "hacked_claim")
