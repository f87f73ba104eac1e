"""Homework, pages, a deadline."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "homework", "image_request", "deadline", "pressure", "coerced_task", "image_offer"
)
