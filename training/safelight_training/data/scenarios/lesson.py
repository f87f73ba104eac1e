"""A lesson about bodies, consent or safety online."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "lesson", "image_request", "share_threat", "fabricated_image", "boundary_test", "hacked_claim"
)
