"""Films and series."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "film", "boundary_test", "share_threat", "hacked_claim", "isolation", plain=True
)
