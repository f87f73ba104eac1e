"""Grandparents learn to chat."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "grandparents",
    "image_request",
    "constant_contact",
    "special_bond",
    weak="special_bond",
)
