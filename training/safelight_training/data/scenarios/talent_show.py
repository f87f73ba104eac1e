"""An audition, with parents."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "talent_show",
    "incentive",
    "image_request",
    "deadline",
    "special_bond",
    weak="special_bond",
)
