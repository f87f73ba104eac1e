"""Birthday plans."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "birthday",
    "incentive",
    "secrecy",
    "meet_request",
    "special_bond",
    weak="special_bond",
)
