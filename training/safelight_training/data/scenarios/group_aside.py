"""A member of a group takes one person aside."""

from safelight_training.data.scenario import OneOf, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(3),
    peer("special_bond"),
    Talk(1),
    peer("move_channel"),
    owner("self:ok", chance=0.5),
    Talk(1),
    peer("personal_info_request", chance=0.5),
    peer("secrecy"),
    Talk(0),
    OneOf(((peer("image_request"),), (peer("meet_request"),))),
    owner("self:unsure", chance=0.5),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.4),
    group=True,
)
