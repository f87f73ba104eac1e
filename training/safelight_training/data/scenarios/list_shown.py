"""A list of followers is shown."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(0, 0.5),
    peer("share_threat"),
    peer("share_threat", chance=0.6),
    owner("distress", chance=0.6),
    peer("payment_demand"),
    peer("deadline", chance=0.7),
    owner("refusal", chance=0.4),
    peer("deadline", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
