"""A coach or teacher arranges times, kit and lifts."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "coach",
    "meet_request",
    "incentive",
    "special_bond",
    "personal_info_request",
    "pressure",
    weak="special_bond",
)
