"""Series and manga."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "anime", "special_bond", "boundary_test", "self_harm_push", weak="boundary_test", plain=True
)
