"""An offer of paid modelling that begins with private pictures."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    peer("peer:hello", chance=0.6),
    Talk(0, 0.5),
    peer("incentive"),
    owner("self:ask", chance=0.4),
    peer("special_bond", chance=0.6),
    peer("identity_claim", chance=0.5),
    Talk(0),
    peer("personal_info_request"),
    owner("minor_disclosure", chance=0.6),
    Talk(0),
    peer("secrecy", chance=0.6),
    peer("image_request"),
    owner("self:unsure", chance=0.6),
    peer("incentive", "pressure", chance=0.4),
    owner("refusal", chance=0.4),
    peer("image_request", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
