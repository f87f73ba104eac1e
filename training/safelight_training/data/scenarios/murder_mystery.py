"""A party game with threats in the play."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "murder_mystery",
    "share_threat",
    "self_harm_push",
    "identity_claim",
    "secrecy",
    weak="identity_claim",
)
