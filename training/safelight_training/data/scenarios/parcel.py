"""A delivery and its code."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "parcel",
    "deadline",
    "payment_demand",
    "personal_info_request",
    weak="personal_info_request",
)
