"""Questions after a health lesson."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "sex_ed",
    "personal_info_request",
    "secrecy",
    "boundary_test",
    "risk_check",
    cues=("help_seeking",),
)
