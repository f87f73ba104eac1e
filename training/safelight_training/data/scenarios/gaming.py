"""People who play together."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "gaming",
    "incentive",
    "move_channel",
    "coerced_task",
    "constant_contact",
    weak="identity_claim",
    cues=("minor_disclosure",),
    plain=True,
)
