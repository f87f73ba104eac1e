"""Somebody claims to have broken into the account or the camera."""

from safelight_training.data.scenario import OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0, 0.6),
    peer("hacked_claim"),
    owner("self:ask", chance=0.4),
    owner("distress", chance=0.4),
    peer("share_threat", chance=0.7),
    OneOf(((peer("payment_demand"),), (peer("image_request"),))),
    owner("refusal", chance=0.4),
    peer("deadline", chance=0.6),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.5),
)
