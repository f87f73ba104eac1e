"""Anger after a block."""

from safelight_training.data.scenario import Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    owner("refusal"),
    peer("pressure", chance=0.5),
    Pause("hours", 0.6),
    peer("share_threat"),
    peer("self_harm_push", chance=0.4),
    peer("deadline", chance=0.5),
    owner("distress", chance=0.5),
    Over(),
    Talk(0, 0.4),
)
