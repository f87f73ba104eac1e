"""Pen pals of two schools."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "penpal",
    "personal_info_request",
    "image_request",
    "identity_claim",
    "move_channel",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
