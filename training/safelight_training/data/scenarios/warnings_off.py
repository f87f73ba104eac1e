"""Somebody new wants the warnings gone, and then a picture or a meeting."""

from safelight_training.data.scenario import OneOf, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond", chance=0.6),
    Talk(0),
    peer("secrecy:warnings"),
    owner("self:unsure", chance=0.5),
    peer("secrecy:warnings", chance=0.6),
    Talk(0, 0.5),
    OneOf(
        (
            (peer("image_request"),),
            (peer("meet_request"), peer("secrecy", chance=0.5)),
            (peer("isolation"), peer("image_request")),
        )
    ),
    owner("refusal", chance=0.4),
    peer("pressure", chance=0.5),
    peer("secrecy:warnings", chance=0.3),
    Over(),
    Talk(0, 0.3),
)
