"""Small paid errands for somebody in the street."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("incentive"),
    owner("self:ok", chance=0.6),
    Pause("days", 0.6),
    Talk(1),
    peer("risk_check"),
    Talk(0),
    peer("secrecy", chance=0.7),
    peer("incentive", chance=0.4),
    peer("meet_request"),
    owner("refusal", chance=0.4),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
