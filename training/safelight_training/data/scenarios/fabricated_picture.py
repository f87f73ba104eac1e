"""A threat with a made-up picture."""

from safelight_training.data.scenario import OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0),
    peer("fabricated_image"),
    owner("distress", chance=0.5),
    owner("self:ask", chance=0.4),
    peer("share_threat", chance=0.6),
    Talk(0, 0.3),
    OneOf(((peer("payment_demand"),), (peer("image_request"),), (peer("coerced_task"),))),
    owner("distress", chance=0.4),
    peer("deadline", chance=0.5),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.5),
)
