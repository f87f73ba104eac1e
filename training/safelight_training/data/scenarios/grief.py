"""Comfort after a loss."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "grief",
    "isolation",
    "special_bond",
    "constant_contact",
    weak="special_bond",
    cues=("distress",),
)
