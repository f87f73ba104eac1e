"""A mentor whom everybody trusts."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("special_bond"),
    Pause("days", 0.5),
    Talk(1),
    peer("isolation", chance=0.7),
    peer("secrecy"),
    owner("self:unsure", chance=0.5),
    Talk(0),
    peer("meet_request"),
    owner("self:unsure", chance=0.4),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
