"""Somebody who says they help, and then asks."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(0),
    owner("distress", chance=0.7),
    peer("identity_claim", chance=0.5),
    Talk(0),
    peer("special_bond", chance=0.5),
    peer("isolation"),
    owner("self:unsure", chance=0.4),
    peer("move_channel", chance=0.7),
    Talk(0),
    peer("image_request"),
    peer("secrecy", chance=0.6),
    owner("refusal", chance=0.4),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
