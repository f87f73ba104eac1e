"""A real moderator keeps the rules."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "moderator",
    "identity_claim",
    "deadline",
    "share_threat",
    "move_channel",
    weak="identity_claim",
    cues=("refusal",),
)
