"""Comfort for a friend who feels bad about looks."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "body_image",
    "special_bond",
    "image_request",
    "isolation",
    weak="special_bond",
    cues=("distress",),
)
