"""Meeting an online friend with parents."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "online_friend_parents",
    "meet_request",
    "identity_claim",
    "personal_info_request",
    "secrecy",
    weak="identity_claim",
    cues=("minor_disclosure",),
)
