"""A party game among friends."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "banter", "boundary_test", "coerced_task", "image_request", weak="boundary_test"
)
