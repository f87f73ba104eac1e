"""Somebody from school threatens after ordinary talk."""

from safelight_training.data.scenario import OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(3),
    peer("share_threat"),
    owner("self:unsure", chance=0.4),
    owner("distress", chance=0.4),
    OneOf(
        (
            (peer("payment_demand"),),
            (peer("coerced_task"),),
            (peer("image_request"),),
            (peer("secrecy"),),
        )
    ),
    owner("refusal", chance=0.4),
    Talk(0, 0.3),
    peer("deadline", chance=0.5),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.5),
)
