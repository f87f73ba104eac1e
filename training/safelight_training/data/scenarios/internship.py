"""A first work experience."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "internship",
    "incentive",
    "deadline",
    "personal_info_request",
    "identity_claim",
    weak="identity_claim",
    cues=("minor_disclosure",),
)
