"""Setting accounts private."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "privacy_settings",
    "secrecy",
    "hacked_claim",
    "personal_info_request",
    "share_threat",
)
