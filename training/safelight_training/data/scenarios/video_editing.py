"""Videos and edits."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "video_editing",
    "fabricated_image",
    "share_threat",
    "image_request",
    "deadline",
)
