"""A helper of a club offers lifts and extra training, alone and in secret."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("special_bond", chance=0.8),
    peer("incentive"),
    owner("self:ok", chance=0.6),
    Pause("days", 0.7),
    Talk(2),
    peer("secrecy"),
    Talk(0),
    peer("constant_contact", chance=0.4),
    peer("meet_request"),
    owner("self:unsure", chance=0.6),
    owner("refusal", chance=0.4),
    peer("pressure", chance=0.7),
    peer("meet_request", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
