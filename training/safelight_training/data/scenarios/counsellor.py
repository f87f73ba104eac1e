"""An appointment with the school counsellor."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "counsellor",
    "secrecy",
    "meet_request",
    "personal_info_request",
    "risk_check",
    weak="personal_info_request",
    cues=("help_seeking",),
)
