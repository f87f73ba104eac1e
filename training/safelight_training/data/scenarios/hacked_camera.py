"""A claim about the camera after some ordinary talk, then an order to keep quiet."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("risk_check", chance=0.4),
    Talk(0),
    peer("hacked_claim"),
    owner("distress", chance=0.6),
    peer("hacked_claim", chance=0.3),
    peer("secrecy", chance=0.5),
    peer("payment_demand"),
    owner("refusal", chance=0.4),
    peer("share_threat", chance=0.6),
    peer("deadline", chance=0.4),
    Over(),
    Talk(0, 0.5),
)
