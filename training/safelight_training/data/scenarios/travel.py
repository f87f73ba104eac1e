"""Journeys and holidays."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("travel", "meet_request", "image_offer", "personal_info_request", plain=True)
