"""A group that does its homework together."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("homework", "image_request", "deadline", "pressure", "move_channel")
