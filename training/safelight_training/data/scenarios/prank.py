"""A harmless prank."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("prank", "secrecy", "fabricated_image", "hacked_claim", "coerced_task")
