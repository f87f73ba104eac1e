"""A threat in kind words."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("pressure"),
    peer("share_threat"),
    owner("self:unsure", chance=0.5),
    peer("payment_demand", chance=0.6),
    peer("pressure", chance=0.5),
    Talk(0, 0.3),
    peer("deadline", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
