"""Recipes and food."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("cooking", "coerced_task", "image_request", "deadline", plain=True)
