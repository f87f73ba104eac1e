"""A friend tells of a threat they received; nobody here threatens."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "friend_threat",
    "share_threat",
    "hacked_claim",
    "fabricated_image",
    "payment_demand",
    "deadline",
    cues=("help_seeking",),
)
