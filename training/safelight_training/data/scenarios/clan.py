"""A clan and its practice times."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "clan",
    "coerced_task",
    "constant_contact",
    "deadline",
    "pressure",
    weak="personal_info_request",
)
