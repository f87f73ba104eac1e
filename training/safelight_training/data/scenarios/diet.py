"""Food and allergies."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("diet", "pressure", "personal_info_request", "image_request", cues=("refusal",))
