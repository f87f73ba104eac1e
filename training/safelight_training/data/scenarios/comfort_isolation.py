"""Comfort that shuts everybody else out."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("peer:support", chance=0.7),
    Talk(1),
    peer("isolation"),
    owner("self:ok", chance=0.4),
    peer("special_bond", chance=0.6),
    Talk(1),
    peer("constant_contact", chance=0.7),
    Talk(0),
    peer("move_channel", chance=0.6),
    peer("secrecy"),
    Pause("hours", 0.5),
    Talk(1),
    OneOf(((peer("meet_request"),), (peer("image_request"),))),
    owner("self:unsure", chance=0.6),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
