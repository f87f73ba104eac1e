"""Somebody says sorry."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("apology", "pressure", "constant_contact", "special_bond", weak="special_bond")
