"""A host family."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "exchange_student",
    "personal_info_request",
    "meet_request",
    "image_request",
    "incentive",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
