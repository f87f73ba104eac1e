"""Weeks of ordinary talk with few signs far apart."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(4),
    peer("special_bond"),
    Talk(3),
    Pause("days"),
    peer("constant_contact", chance=0.7),
    Talk(3),
    peer("isolation"),
    owner("self:unsure", chance=0.5),
    Talk(3),
    Pause("days"),
    peer("secrecy"),
    Talk(2),
    peer("boundary_test", chance=0.5),
    OneOf(((peer("image_request"),), (peer("meet_request"),))),
    owner("self:unsure", chance=0.6),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.6),
)
