"""News or a film about crimes like these."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "news", "share_threat", "fabricated_image", "hacked_claim", "self_harm_push", "coerced_task"
)
