"""A group turns on one member."""

from safelight_training.data.scenario import OneOf, Over, Talk, other, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("pressure", chance=0.3),
    peer("self_harm_push"),
    other("peer:react", chance=0.5),
    owner("distress", chance=0.6),
    Talk(0, 0.4),
    OneOf(((peer("coerced_task"),), (peer("share_threat"),), (peer("self_harm_push"),))),
    owner("help_seeking", chance=0.4),
    Over(),
    Talk(0, 0.5),
    group=True,
)
