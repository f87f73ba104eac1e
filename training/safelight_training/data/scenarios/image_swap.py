"""A swap of private pictures is proposed."""

from safelight_training.data.scenario import OneOf, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond", chance=0.5),
    peer("boundary_test", chance=0.6),
    owner("self:unsure", chance=0.4),
    Talk(0),
    peer("move_channel", chance=0.6),
    Talk(0, 0.5),
    peer("image_offer"),
    owner("self:unsure", chance=0.6),
    peer("image_request"),
    OneOf(
        (
            (owner("refusal"), peer("pressure"), peer("image_request", chance=0.7)),
            (owner("self:unsure"),),
            (owner("complied"), peer("secrecy")),
        )
    ),
    Over(),
    Talk(0, 0.3),
)
