"""Somebody pushes towards self-harm."""

from safelight_training.data.scenario import Over, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(2),
    peer("isolation", chance=0.5),
    Talk(0),
    peer("self_harm_push"),
    owner("distress", chance=0.6),
    peer("pressure", chance=0.3),
    peer("self_harm_push", chance=0.4),
    owner("help_seeking", chance=0.5),
    Over(),
    Talk(0, 0.5),
)
