"""Help with school work, then favours in return."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("incentive"),
    owner("self:ok", chance=0.5),
    Pause("hours", 0.6),
    Talk(1),
    peer("special_bond", chance=0.7),
    peer("constant_contact", chance=0.4),
    Talk(0),
    peer("secrecy", chance=0.7),
    OneOf(((peer("meet_request"),), (peer("image_request"),))),
    owner("self:unsure", chance=0.5),
    peer("pressure", chance=0.6),
    Over(),
    Talk(0, 0.3),
)
