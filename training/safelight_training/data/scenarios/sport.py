"""Talk about matches."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("sport", "deadline", "pressure", "special_bond", plain=True)
