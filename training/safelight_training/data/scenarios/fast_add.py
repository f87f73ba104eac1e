"""A stranger is blunt within a few messages."""

from safelight_training.data.scenario import OneOf, Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    peer("peer:hello"),
    owner("self:ask", chance=0.4),
    peer("personal_info_request"),
    owner("minor_disclosure", chance=0.8),
    peer("identity_claim", chance=0.6),
    peer("risk_check", chance=0.6),
    owner("self:ok", chance=0.4),
    Talk(0, 0.3),
    OneOf(((peer("image_request"),), (peer("image_offer", "image_request"),))),
    owner("refusal", chance=0.6),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
