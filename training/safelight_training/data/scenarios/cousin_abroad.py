"""A cousin far away."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "cousin_abroad",
    "image_request",
    "move_channel",
    "meet_request",
    "special_bond",
    weak="special_bond",
)
