"""A sleepover that parents know of."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "sleepover",
    "meet_request",
    "secrecy",
    "risk_check",
    "boundary_test",
    weak="boundary_test",
)
