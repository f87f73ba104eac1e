"""Silly dares that are safe."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "dare_game",
    "coerced_task",
    "boundary_test",
    "image_request",
    "pressure",
    weak="boundary_test",
    cues=("refusal",),
)
