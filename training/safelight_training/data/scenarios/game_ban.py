"""A banned game account."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "game_ban",
    "hacked_claim",
    "deadline",
    "share_threat",
    "personal_info_request",
    cues=("distress",),
)
