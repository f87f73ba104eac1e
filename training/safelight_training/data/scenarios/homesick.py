"""Far from home."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "homesick",
    "isolation",
    "constant_contact",
    "special_bond",
    weak="special_bond",
    cues=("distress",),
)
