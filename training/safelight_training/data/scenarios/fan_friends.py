"""Fans who only know each other online."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "music",
    "identity_claim",
    "special_bond",
    "move_channel",
    "image_offer",
    weak="identity_claim",
    cues=("minor_disclosure",),
)
