"""Pets."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("pets", "image_request", "image_offer", "special_bond", plain=True)
