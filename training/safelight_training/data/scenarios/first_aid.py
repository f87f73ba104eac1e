"""Small injuries."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "first_aid",
    "image_request",
    "risk_check",
    "personal_info_request",
    cues=("distress", "help_seeking"),
)
