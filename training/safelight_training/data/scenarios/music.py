"""Bands and fandom."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "music",
    "special_bond",
    "identity_claim",
    "image_request",
    "move_channel",
    weak="identity_claim",
    plain=True,
)
