"""A change of app for ordinary reasons."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("move_app", "move_channel", "secrecy", "constant_contact")
