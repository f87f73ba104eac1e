"""A youth group."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "religion_youth",
    "special_bond",
    "isolation",
    "meet_request",
    "constant_contact",
    weak="special_bond",
)
