"""Streams and their rules."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "streaming",
    "incentive",
    "constant_contact",
    "identity_claim",
    "payment_demand",
    weak="identity_claim",
)
