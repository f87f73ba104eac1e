"""Pictures of animals, asked for again and again."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless("pets", "image_request", "pressure", "constant_contact")
