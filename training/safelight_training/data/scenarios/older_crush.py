"""A crush who is older than they say."""

from safelight_training.data.scenario import Over, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(2),
    peer("special_bond"),
    peer("identity_claim", chance=0.5),
    Talk(1),
    peer("constant_contact", chance=0.5),
    peer("risk_check", chance=0.5),
    peer("meet_request"),
    owner("self:unsure", chance=0.5),
    peer("secrecy", chance=0.7),
    owner("refusal", chance=0.3),
    peer("pressure", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
