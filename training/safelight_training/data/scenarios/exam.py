"""Exams and results."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "exam", "deadline", "pressure", "self_harm_push", cues=("distress",), plain=True
)
