"""A friend asks what to do for somebody."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "friend_threat",
    "fabricated_image",
    "share_threat",
    "payment_demand",
    "deadline",
    cues=("help_seeking",),
)
