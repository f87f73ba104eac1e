"""A clinic, a youth worker, a dentist."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "doctor",
    "personal_info_request",
    "risk_check",
    "secrecy",
    "image_request",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
