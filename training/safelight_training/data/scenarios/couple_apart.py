"""A couple that sees each other rarely."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "couple",
    "constant_contact",
    "image_offer",
    "pressure",
    "move_channel",
    weak="special_bond",
)
