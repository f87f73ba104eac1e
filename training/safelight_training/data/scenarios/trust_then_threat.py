"""Trust, a picture, then threats: grooming that turns to sextortion."""

from safelight_training.data.scenario import OneOf, Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond"),
    peer("identity_claim", chance=0.4),
    Talk(1),
    peer("boundary_test", chance=0.4),
    peer("image_request"),
    owner("complied", chance=0.7),
    Pause("minutes", 0.5),
    Talk(0, 0.3),
    peer("share_threat"),
    owner("distress", chance=0.7),
    OneOf(((peer("payment_demand"),), (peer("image_request", "pressure"),))),
    owner("distress", chance=0.4),
    peer("deadline", chance=0.6),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.3),
)
