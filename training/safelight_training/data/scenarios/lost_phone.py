"""Writing from a new number."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "lost_phone",
    "identity_claim",
    "payment_demand",
    "move_channel",
    "personal_info_request",
    weak="identity_claim",
)
