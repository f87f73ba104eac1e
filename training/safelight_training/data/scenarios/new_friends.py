"""People who have just met ask each other who they are."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "weekend",
    "personal_info_request",
    "identity_claim",
    "special_bond",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
