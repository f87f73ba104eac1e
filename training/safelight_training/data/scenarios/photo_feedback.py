"""A photographer's advice that asks for more."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond"),
    peer("image_request"),
    owner("self:ok", chance=0.5),
    Talk(0),
    peer("incentive", chance=0.6),
    peer("image_request"),
    owner("refusal", chance=0.5),
    peer("pressure", chance=0.6),
    peer("secrecy", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
