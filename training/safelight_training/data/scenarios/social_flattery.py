"""Somebody new on a social network flatters, asks how old, asks for pictures."""

from safelight_training.data.scenario import AnyOrder, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    peer("peer:hello", chance=0.5),
    Talk(0, 0.6),
    peer("special_bond"),
    owner("self:ok", chance=0.5),
    AnyOrder((peer("personal_info_request"), peer("identity_claim"), Talk(1, 0.8))),
    owner("minor_disclosure", chance=0.6),
    Talk(0),
    peer("special_bond", chance=0.6),
    Talk(0),
    peer("boundary_test", chance=0.5),
    peer("secrecy", chance=0.4),
    peer("image_request"),
    owner("refusal", chance=0.5),
    peer("pressure", chance=0.6),
    peer("image_request", chance=0.4),
    owner("self:unsure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
