"""At the hairdresser's."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("haircut", "image_request", "pressure", "special_bond", plain=True)
