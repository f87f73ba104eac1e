"""Trades and gifts among people who play together."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("trade", "incentive", "payment_demand", "pressure", "move_channel")
