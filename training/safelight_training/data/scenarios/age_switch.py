"""An age that changes in the telling."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("identity_claim"),
    owner("minor_disclosure", chance=0.5),
    Talk(2),
    peer("special_bond", chance=0.6),
    Pause("days", 0.6),
    peer("identity_claim"),
    peer("secrecy"),
    Talk(0),
    OneOf(
        (
            (peer("meet_request"),),
            (peer("image_request"),),
            (
                peer("move_channel"),
                peer("image_request"),
            ),
        )
    ),
    owner("self:unsure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
