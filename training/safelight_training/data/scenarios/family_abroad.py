"""Relatives who write from afar."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "family",
    "special_bond",
    "incentive",
    "image_request",
    "constant_contact",
    weak="special_bond",
)
