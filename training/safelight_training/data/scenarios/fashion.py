"""What to wear."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "fashion",
    "image_request",
    "image_offer",
    "incentive",
    "special_bond",
    weak="special_bond",
)
