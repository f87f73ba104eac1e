"""A school acquaintance says they edited a photo."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("fabricated_image"),
    owner("self:unsure", chance=0.4),
    Talk(0),
    OneOf(((peer("payment_demand"),), (peer("coerced_task"),), (peer("share_threat"),))),
    owner("refusal", chance=0.5),
    peer("deadline", chance=0.4),
    owner("distress", chance=0.5),
    Pause("hours", 0.3),
    Over(),
    Talk(0, 0.6),
)
