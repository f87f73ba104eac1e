"""Silence for weeks after a no, then again."""

from safelight_training.data.scenario import Over, Pause, Talk, grooming, owner, peer

SCENARIO = grooming(
    Talk(1),
    peer("special_bond", chance=0.6),
    peer("image_request"),
    owner("refusal"),
    peer("pressure", chance=0.4),
    Pause("days"),
    Talk(1),
    peer("special_bond", chance=0.5),
    peer("incentive", chance=0.5),
    peer("image_request"),
    owner("self:unsure", chance=0.5),
    peer("pressure", chance=0.5),
    Over(),
    Talk(0, 0.3),
)
