"""A parent asks where somebody is and when they come home."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "parent_where",
    "risk_check",
    "personal_info_request",
    "constant_contact",
    "deadline",
    "incentive",
)
