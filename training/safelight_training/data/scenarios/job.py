"""Babysitting, a paper round, a Saturday job."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "job",
    "incentive",
    "personal_info_request",
    "meet_request",
    "identity_claim",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
