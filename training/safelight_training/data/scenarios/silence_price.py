"""A threat whose price is silence."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("share_threat"),
    owner("distress", chance=0.5),
    peer("secrecy"),
    owner("self:unsure", chance=0.4),
    peer("isolation", chance=0.4),
    Talk(0, 0.3),
    peer("deadline", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
