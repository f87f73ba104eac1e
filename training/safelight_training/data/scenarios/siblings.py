"""Brothers and sisters."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "siblings",
    "share_threat",
    "payment_demand",
    "self_harm_push",
    "coerced_task",
    cues=("refusal",),
)
