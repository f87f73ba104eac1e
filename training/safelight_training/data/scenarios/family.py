"""Relatives and dinner."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("family", "secrecy", "risk_check", "isolation", "self_harm_push", plain=True)
