"""Somebody the family knows begins to write on their own."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("special_bond"),
    Talk(1),
    peer("incentive", chance=0.6),
    owner("self:ok", chance=0.5),
    Pause("days", 0.6),
    Talk(1),
    peer("isolation", chance=0.6),
    peer("secrecy"),
    owner("self:unsure", chance=0.6),
    Talk(1),
    peer("risk_check", chance=0.6),
    peer("meet_request"),
    OneOf(
        (
            (owner("refusal"), peer("pressure"), Talk(0, 0.5), peer("meet_request")),
            (owner("self:unsure"),),
        )
    ),
    Over(),
    Talk(0, 0.4),
)
