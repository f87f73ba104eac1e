"""Notes between teacher and pupil."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("teacher_note", "special_bond", "deadline", "meet_request", "secrecy")
