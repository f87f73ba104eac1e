"""A lift home that should stay between two."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("special_bond", chance=0.5),
    peer("incentive"),
    owner("self:unsure", chance=0.5),
    peer("risk_check", chance=0.6),
    Talk(0),
    peer("meet_request"),
    peer("secrecy", chance=0.7),
    owner("refusal", chance=0.4),
    peer("pressure", chance=0.5),
    peer("meet_request", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
