"""Jealousy, and an apology."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "jealousy",
    "constant_contact",
    "isolation",
    "pressure",
    "coerced_task",
    weak="special_bond",
)
