"""Portraits for school."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("photo_project", "image_request", "image_offer", "deadline", "share_threat")
