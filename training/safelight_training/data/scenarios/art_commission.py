"""Drawings for others."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("art_commission", "payment_demand", "deadline", "image_request", "incentive")
