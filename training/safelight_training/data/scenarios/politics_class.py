"""Debates and elections."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "politics_class", "pressure", "fabricated_image", "deadline", "share_threat", plain=True
)
