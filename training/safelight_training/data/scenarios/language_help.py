"""Words and corrections."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "language_help",
    "move_channel",
    "special_bond",
    "personal_info_request",
    weak="personal_info_request",
)
