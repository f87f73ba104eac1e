"""Training plans."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "fitness",
    "image_request",
    "pressure",
    "special_bond",
    "coerced_task",
    weak="special_bond",
    plain=True,
)
