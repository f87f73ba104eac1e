"""Proof, passwords and threats in a couple."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("constant_contact"),
    peer("isolation", chance=0.5),
    Talk(0),
    peer("coerced_task"),
    owner("refusal", chance=0.5),
    peer("share_threat"),
    peer("pressure", chance=0.4),
    owner("distress", chance=0.4),
    Over(),
    Talk(0, 0.4),
)
