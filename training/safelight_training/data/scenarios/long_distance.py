"""Two towns, one friendship."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "long_distance",
    "constant_contact",
    "image_request",
    "meet_request",
    "special_bond",
    weak="special_bond",
)
