"""The chat goes on from somewhere else: the first messages here are already late."""

from safelight_training.data.scenario import AnyOrder, OneOf, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    peer("peer:hello"),
    peer("identity_claim", chance=0.5),
    owner("self:unsure", chance=0.5),
    Talk(0),
    AnyOrder((peer("secrecy"), peer("risk_check"))),
    owner("self:ok", chance=0.6),
    Talk(0),
    peer("special_bond", chance=0.5),
    Talk(0),
    OneOf(
        ((peer("image_request"),), (peer("image_offer", "image_request"),), (peer("meet_request"),))
    ),
    owner("self:unsure", chance=0.7),
    peer("pressure", chance=0.6),
    Over(),
    Talk(0, 0.3),
)
