"""Players help each other."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "gaming",
    "incentive",
    "identity_claim",
    "personal_info_request",
    "move_channel",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
