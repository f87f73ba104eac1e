"""Mock threats and jokes among friends."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "banter",
    "share_threat",
    "deadline",
    "hacked_claim",
    "coerced_task",
    "self_harm_push",
    "payment_demand",
    weak="boundary_test",
)
