"""Trouble at home, and a place to stay."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    owner("distress", chance=0.7),
    peer("special_bond", chance=0.6),
    peer("isolation"),
    Talk(1),
    peer("incentive", chance=0.6),
    peer("meet_request"),
    owner("self:unsure", chance=0.6),
    peer("secrecy", chance=0.7),
    peer("pressure", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
