"""Dressing up."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("costume", "image_request", "image_offer", "coerced_task", weak="boundary_test")
