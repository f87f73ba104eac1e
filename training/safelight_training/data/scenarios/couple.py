"""A couple of the same age."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "couple",
    "special_bond",
    "constant_contact",
    "image_request",
    "meet_request",
    weak="special_bond",
)
