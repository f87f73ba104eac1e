"""Vouchers as presents."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("gift_card", "payment_demand", "incentive", "secrecy")
