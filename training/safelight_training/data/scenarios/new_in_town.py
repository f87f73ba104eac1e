"""New school, first friends."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "new_in_town",
    "personal_info_request",
    "special_bond",
    "meet_request",
    "isolation",
    weak="personal_info_request",
    cues=("minor_disclosure",),
)
