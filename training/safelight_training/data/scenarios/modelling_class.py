"""A photo course, with parents."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "modelling_class",
    "image_request",
    "incentive",
    "meet_request",
    "personal_info_request",
    weak="personal_info_request",
)
