"""Photographs of costumes."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "cosplay_photo",
    "image_request",
    "image_offer",
    "special_bond",
    "meet_request",
    weak="boundary_test",
)
