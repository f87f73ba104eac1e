"""A stay in hospital."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "hospital",
    "image_request",
    "personal_info_request",
    "constant_contact",
    cues=("distress",),
)
