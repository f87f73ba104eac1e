"""Old messages as a lever."""

from safelight_training.data.scenario import OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("share_threat"),
    owner("distress", chance=0.5),
    OneOf(((peer("coerced_task"),), (peer("payment_demand"),), (peer("image_request"),))),
    owner("refusal", chance=0.4),
    peer("deadline", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
