"""Pets, outfits, holidays and food in pictures."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("photos", "image_request", "image_offer", "fabricated_image", "pressure")
