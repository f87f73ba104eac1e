"""An older friend plays the only love."""

from safelight_training.data.scenario import Loop, OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    Loop(1, 2, (peer("special_bond"), owner("self:ok", chance=0.5), Talk(1))),
    peer("constant_contact"),
    owner("self:unsure", chance=0.5),
    Talk(0),
    peer("isolation", chance=0.7),
    peer("secrecy", chance=0.7),
    Pause("hours", 0.6),
    Talk(1),
    peer("boundary_test"),
    Talk(0),
    OneOf(
        (
            (peer("image_offer"), peer("image_request")),
            (peer("image_request"),),
            (peer("meet_request"),),
        )
    ),
    owner("refusal", chance=0.5),
    peer("pressure"),
    OneOf(((peer("image_request"),), ())),
    Over(),
    Talk(0, 0.4),
)
