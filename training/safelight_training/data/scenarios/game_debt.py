"""Gifts in a game turn into a debt."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("incentive"),
    owner("self:ok", chance=0.5),
    Talk(1),
    Pause("days", 0.5),
    peer("payment_demand"),
    owner("refusal", chance=0.5),
    peer("share_threat"),
    OneOf(((peer("image_request"),), (peer("deadline"),))),
    owner("distress", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
