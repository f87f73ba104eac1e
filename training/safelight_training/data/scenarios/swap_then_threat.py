"""Somebody who says they are the same age swaps pictures, then demands money."""

from safelight_training.data.scenario import Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    peer("peer:hello", chance=0.6),
    Talk(0),
    peer("special_bond", chance=0.6),
    peer("identity_claim", chance=0.5),
    Talk(0),
    peer("move_channel", chance=0.5),
    peer("image_offer"),
    peer("image_request"),
    owner("complied", chance=0.6),
    Pause("minutes", 0.6),
    peer("share_threat"),
    owner("distress", chance=0.6),
    peer("payment_demand"),
    owner("self:unsure", chance=0.4),
    peer("deadline", chance=0.6),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.3),
)
