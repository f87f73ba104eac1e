"""Why somebody was blocked."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "blocked_someone",
    "share_threat",
    "image_request",
    "pressure",
    "isolation",
    cues=("help_seeking", "distress"),
)
