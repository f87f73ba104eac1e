"""A made-up picture in a group."""

from safelight_training.data.scenario import OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("fabricated_image"),
    owner("distress", chance=0.5),
    peer("share_threat", chance=0.6),
    OneOf(((peer("payment_demand"),), (peer("coerced_task"),), (peer("secrecy"),))),
    owner("refusal", chance=0.4),
    peer("deadline", chance=0.4),
    Over(),
    Talk(0, 0.5),
    group=True,
)
