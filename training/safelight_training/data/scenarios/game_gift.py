"""A game acquaintance gives gifts, then asks for something in return."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(0),
    peer("incentive"),
    owner("self:ok", chance=0.6),
    Talk(1),
    peer("personal_info_request", chance=0.6),
    owner("minor_disclosure", chance=0.5),
    Talk(0),
    peer("incentive", chance=0.4),
    peer("secrecy", chance=0.7),
    owner("self:unsure", chance=0.5),
    peer("move_channel", chance=0.5),
    Pause("hours", 0.5),
    Talk(1),
    peer("image_request"),
    OneOf(
        (
            (owner("refusal"), peer("pressure"), peer("image_request", chance=0.6)),
            (owner("self:unsure"), peer("pressure", chance=0.7)),
        )
    ),
    Over(),
    Talk(0, 0.3),
)
