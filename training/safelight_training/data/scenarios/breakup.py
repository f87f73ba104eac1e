"""A break-up, sad and fair."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "breakup",
    "pressure",
    "isolation",
    "constant_contact",
    "meet_request",
    weak="special_bond",
    cues=("distress",),
)
