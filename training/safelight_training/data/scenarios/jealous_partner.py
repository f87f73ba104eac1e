"""A partner turns jealous, checks, and threatens."""

from safelight_training.data.scenario import OneOf, Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(3),
    peer("constant_contact"),
    Talk(0),
    peer("isolation", chance=0.6),
    peer("risk_check", chance=0.4),
    owner("self:unsure", chance=0.4),
    Talk(0),
    peer("pressure", chance=0.6),
    OneOf(((peer("share_threat"),), (peer("coerced_task"),))),
    owner("distress", chance=0.5),
    peer("share_threat", chance=0.5),
    Over(),
    Talk(0, 0.5),
)
