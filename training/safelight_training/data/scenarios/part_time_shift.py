"""Shifts and a boss."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("part_time_shift", "constant_contact", "pressure", "deadline", "payment_demand")
