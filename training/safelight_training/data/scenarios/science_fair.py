"""Experiments and posters."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("science_fair", "deadline", "image_request", "coerced_task", plain=True)
