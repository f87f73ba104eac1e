"""Everything leads to a meeting nobody is to know of."""

from safelight_training.data.scenario import OneOf, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("personal_info_request", chance=0.6),
    owner("minor_disclosure", chance=0.4),
    peer("special_bond", chance=0.5),
    Talk(1),
    peer("risk_check"),
    owner("self:ok", chance=0.5),
    peer("isolation", chance=0.5),
    Talk(0),
    peer("meet_request"),
    OneOf(
        (
            (owner("self:unsure"), peer("secrecy")),
            (owner("refusal"), peer("pressure"), peer("meet_request", "secrecy")),
            (owner("self:ok"), peer("secrecy")),
        )
    ),
    peer("deadline", chance=0.1),
    Over(),
    Talk(0, 0.4),
)
