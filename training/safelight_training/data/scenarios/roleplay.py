"""Stories told together."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "roleplay",
    "boundary_test",
    "coerced_task",
    "share_threat",
    "identity_claim",
    weak="identity_claim",
)
