"""Blocked, and back from another account."""

from safelight_training.data.scenario import Over, Pause, Talk, owner, peer, sextortion

SCENARIO = sextortion(
    Talk(1),
    peer("image_request"),
    owner("refusal"),
    peer("pressure", chance=0.5),
    Pause("days"),
    peer("share_threat"),
    owner("self:ask", chance=0.4),
    peer("deadline", chance=0.6),
    peer("image_request", chance=0.5),
    owner("help_seeking", chance=0.3),
    Over(),
    Talk(0, 0.4),
)
