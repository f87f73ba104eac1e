"""An official who is none asks for a fine."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0, 0.3),
    peer("identity_claim"),
    peer("hacked_claim", chance=0.4),
    peer("payment_demand"),
    owner("distress", chance=0.5),
    peer("share_threat"),
    peer("deadline", chance=0.7),
    peer("secrecy", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
