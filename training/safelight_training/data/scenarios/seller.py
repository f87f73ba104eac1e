"""Buying and selling second-hand things."""

from safelight_training.data.scenario import harmless

SCENARIO = harmless(
    "seller", "payment_demand", "meet_request", "image_request", "deadline", "identity_claim"
)
