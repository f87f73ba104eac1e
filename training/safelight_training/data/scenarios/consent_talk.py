"""Asking first, and a no that is fine."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "consent_talk",
    "pressure",
    "boundary_test",
    "image_request",
    "secrecy",
    weak="boundary_test",
    cues=("refusal",),
)
